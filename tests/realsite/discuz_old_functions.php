<?php
/** What PHP 8 took away and Discuz! X3.4 calls; put before every request. */

error_reporting(0);
foreach (['MYSQL_ASSOC' => 1, 'MYSQL_NUM' => 2, 'MYSQL_BOTH' => 3] as $name => $value) {
    defined($name) || define($name, $value);
}

if (!function_exists('each')) {
    function each(array &$array)
    {
        $key = key($array);
        if ($key === null) {
            return false;
        }
        $value = current($array);
        next($array);
        return [1 => $value, 'value' => $value, 0 => $key, 'key' => $key];
    }
}
if (!function_exists('get_magic_quotes_gpc')) {
    function get_magic_quotes_gpc()
    {
        return false;
    }
}
if (!function_exists('set_magic_quotes_runtime')) {
    function set_magic_quotes_runtime($value)
    {
        return true;
    }
}
if (!function_exists('create_function')) {
    function create_function($arguments, $code)
    {
        return eval("return function ($arguments) { $code };");
    }
}

foreach (['count' => 0, 'sizeof' => 0, 'implode' => '', 'in_array' => false, 'array_merge' => null,
    'array_keys' => null, 'array_values' => null, 'array_unique' => null, 'array_slice' => null,
    'array_search' => false, 'array_intersect' => null, 'array_diff' => null,
    'array_key_exists' => false, 'array_flip' => null, 'array_sum' => 0, 'array_filter' => null,
    'array_reverse' => null, 'max' => false, 'min' => false, 'round' => 0, 'number_format' => '0', 'array_rand' => null] as $name => $else) {
    if (!function_exists("old_$name")) {
        // What was a warning became an error: take the answer that there was beside the warning.
        $otherwise = var_export($else, true);
        eval("function old_$name(...\$given) {
            try { return $name(...\$given); } catch (TypeError|ValueError \$error) { return $otherwise; }
        }");
    }
}

require_once $_SERVER['DOCUMENT_ROOT'] . '/data/bare_words.php';
