<?php
/**
 * Do one thing to the blog from the command line: what to do is a JSON object on standard input, what
 * came of it a JSON value on standard output. Usage: php blog.php <folder of the blog>.
 */

$task = json_decode(stream_get_contents(STDIN), true, 64, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = $task['host'];
$_SERVER['REQUEST_URI'] = '/';
if ($task['do'] === 'install') {
    define('WP_INSTALLING', true);
}
require $argv[1] . '/wp-load.php';

function install(array $task): array
{
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    wp_install($task['title'], 'keeper', 'keeper@example.invalid', true, '', wp_generate_password(), $task['language']);
    foreach (get_posts(['numberposts' => -1, 'post_type' => 'any', 'post_status' => 'any']) as $default) {
        wp_delete_post($default->ID, true);
    }
    update_option('timezone_string', 'Asia/Shanghai');
    update_option('date_format', 'Y年n月j日');
    global $wp_rewrite;
    $wp_rewrite->set_permalink_structure($task['permalinks']);
    flush_rewrite_rules(false);
    foreach ($task['authors'] as $login => $name) {
        wp_insert_user([
            'user_login' => $login,
            'user_pass' => wp_generate_password(),
            'user_email' => "$login@example.invalid",
            'display_name' => $name,
            'role' => 'author',
        ]);
    }
    return ['version' => get_bloginfo('version'), 'theme' => wp_get_theme()->get('Name')];
}

function write(array $task): array
{
    $ids = [];
    foreach ($task['posts'] as $post) {
        $fields = [
            'post_title' => $post['title'],
            'post_content' => $post['html'],
            'post_status' => $post['status'],
            'post_password' => $post['password'],
            'post_date' => $post['local_time'],
            'post_author' => get_user_by('login', $post['author'])->ID,
        ];
        $ids[] = wp_insert_post(wp_slash($fields), true);
    }
    return array_map(static fn ($id) => is_wp_error($id) ? $id->get_error_message() : $id, $ids);
}

function rewrite(array $task): int
{
    return wp_update_post(wp_slash(['ID' => $task['id'], 'post_content' => $task['html']]));
}

function remark(array $task): int
{
    return wp_insert_comment(wp_slash([
        'comment_post_ID' => $task['id'],
        'comment_author' => $task['author'],
        'comment_content' => $task['text'],
        'comment_approved' => 1,
    ]));
}

echo json_encode($task['do']($task), JSON_UNESCAPED_UNICODE);
