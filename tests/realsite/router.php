<?php
/**
 * For PHP's own web server: hand every address that is no file to the blog, and write down when each
 * request began and ended, so that a test can tell whether two were ever under way at once. A blog
 * with numbered addresses has a server that rewrites none, as on a host without such a module.
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

$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) {
    return false;
}
if ($path !== '/' && getenv('REALSITE_REWRITES') === 'no') {
    http_response_code(404);
    exit("Not found\n");
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
