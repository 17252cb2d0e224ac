<?php
/**
 * For PHP's own web server: the addresses that a Discuz! rewrites, as its own rules for other servers
 * say, and a line for each request with when it began and ended.
 */

$began = microtime(true);
register_shutdown_function(static function () use ($began): void {
    $line = json_encode([
        'began' => $began,
        'ended' => microtime(true),
        'path' => $_SERVER['REQUEST_URI'],
        'agent' => $_SERVER['HTTP_USER_AGENT'] ?? '',
        'status' => http_response_code(),
    ], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    file_put_contents(getenv('REALSITE_LOG'), $line . "\n", FILE_APPEND | LOCK_EX);
});

if ($before = getenv('REALSITE_BEFORE')) {
    require_once $before;
}
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$root = $_SERVER['DOCUMENT_ROOT'];
if (preg_match('#^/forum-(\w+)-(\d+)\.html$#', $path, $found)) {
    $given = ['mod' => 'forumdisplay', 'fid' => $found[1], 'page' => $found[2]];
} elseif (preg_match('#^/thread-(\d+)-(\d+)-(\d+)\.html$#', $path, $found)) {
    $extra = 'page%3D' . $found[3];
    $given = ['mod' => 'viewthread', 'tid' => $found[1], 'page' => $found[2], 'extra' => $extra];
} else {
    $given = [];
}
if ($given) {
    $_GET = $given + $_GET;
    $_SERVER['QUERY_STRING'] = http_build_query($given);
    $path = '/forum.php';
} elseif ($path === '/') {
    $path = '/index.php';
} elseif (is_dir($root . $path)) {
    $path = rtrim($path, '/') . '/index.php';
}
if (!str_ends_with($path, '.php')) {
    return false;
}
if (!is_file($root . $path)) {
    http_response_code(404);
    exit("Not found\n");
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $path;
$_SERVER['SCRIPT_FILENAME'] = $root . $path;
chdir(dirname($root . $path));
require $root . $path;
