<?php
/** What PHP 8 took away and Discuz! X3.4 calls; put before every request. */

error_reporting(0);

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
