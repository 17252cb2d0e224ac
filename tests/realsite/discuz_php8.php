<?php
/**
 * Make a copy of Discuz! X3.4, which was written for PHP 5 and 7, parse on PHP 8: offsets in curly brackets
 * become square ones. Nothing of its templates is touched, so its pages are the software's own.
 */

$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1], FilesystemIterator::SKIP_DOTS));
$strict = ['count', 'sizeof', 'implode', 'in_array', 'array_merge', 'array_keys', 'array_values',
    'array_unique', 'array_slice', 'array_search', 'array_intersect', 'array_diff', 'array_key_exists',
    'array_flip', 'array_sum', 'array_filter', 'array_reverse', 'max', 'min', 'round', 'number_format',
    'array_rand'];
$not_calls = [T_OBJECT_OPERATOR, T_DOUBLE_COLON, T_FUNCTION, T_NEW];
$as_text = static fn ($token) => is_array($token) ? $token[1] : $token;
foreach ($files as $file) {
    if ($file->getExtension() !== 'php' || preg_match('#/(data|install)/#', $file->getPathname())) {
        continue;
    }
    $code = file_get_contents($file->getPathname());
    $tokens = @token_get_all($code);
    $open = [];
    $before = $last = null;
    $is_in_text = false;
    foreach ($tokens as $place => $token) {
        $text = is_array($token) ? $token[1] : $token;
        if ($text === '"' || (is_array($token) && in_array($token[0], [T_START_HEREDOC, T_END_HEREDOC]))) {
            $is_in_text = !$is_in_text;
        }
        if ($text === '{' || (is_array($token) && in_array($token[0], [T_CURLY_OPEN, T_DOLLAR_OPEN_CURLY_BRACES]))) {
            $is_offset = $token === '{' && !$is_in_text
                && ((is_array($before) && $before[0] === T_VARIABLE) || $before === ']');
            $open[] = $is_offset;
            if ($is_offset) {
                $tokens[$place] = '[';
            }
        } elseif ($token === '}' && array_pop($open)) {
            $tokens[$place] = ']';
        }
        // A bare word as a key was a text until PHP 7.
        if (!$is_in_text && is_array($token) && $token[0] === T_STRING && $before === '['
            && ($tokens[$place + 1] ?? '') === ']' && preg_match('/^[a-z]\w*$/', $text)) {
            $tokens[$place] = "'$text'";
        }
        // Functions that took anything until PHP 7.
        if (!$is_in_text && is_array($token) && $token[0] === T_STRING && in_array($text, $strict, true)
            && ltrim(implode('', array_map($as_text, array_slice($tokens, $place + 1, 2))))[0] === '('
            && !(is_array($last) && in_array($last[0], $not_calls, true))) {
            $tokens[$place] = 'old_' . $text;
        }
        if (!is_array($token) || $token[0] !== T_WHITESPACE) {
            $last = $token;
        }
        $before = $token;
    }
    $mended = implode('', array_map(static fn ($token) => is_array($token) ? $token[1] : $token, $tokens));
    // "10.11" is less than "4.1" as a text, and then the server is not told which characters are sent.
    $mended = preg_replace('/\$this->version\(\) > \'[\d.]+\'/', 'true', $mended);
    if (str_ends_with($file->getPathname(), '/cache/cache_setting.php')) {
        // It takes a table of two levels for one of one level, and leaves a text where a list was.
        $mended = str_replace("foreach(\$data['topnavs'] as \$id", 'foreach([] as $id', $mended);
    }
    // Nested conditions need brackets.
    $mended = preg_replace('/(\? array\(\) : )(is_array\([^;]*\) \? [^;]*);/', '$1($2);', $mended);
    if (str_ends_with($file->getPathname(), '/source/class/discuz/discuz_table.php')) {
        // Classes of tables have methods of these names that take other arguments, which PHP 8 refuses:
        // the base class keeps its own under another name, and hands them out where there are none.
        $mended = preg_replace('/function ([a-z]\w*)(?<!Table)\(/', 'function base_$1(', $mended);
        $mended = str_replace('function base_attach_', 'function attach_', $mended);
        $mended = preg_replace(
            '/class discuz_table[^{]*\{/',
            "$0\n\tpublic function __call(\$name, \$given) {\n"
            . "\t\tif (method_exists(\$this, 'base_' . \$name)) {\n"
            . "\t\t\treturn \$this->{'base_' . \$name}(...\$given);\n\t\t}\n"
            . "\t\treturn parent::__call(\$name, \$given);\n\t}\n",
            $mended,
            1
        );
    }
    if ($mended !== $code) {
        file_put_contents($file->getPathname(), $mended);
    }
}

// Bare words as keys in templates, which become code while the forum runs: constants that name themselves.
$words = ['upload_max_filesize' => true];
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1] . '/template')) as $file) {
    if ($file->isFile() && in_array($file->getExtension(), ['htm', 'php'], true)) {
        preg_match_all('/\[([a-z_][a-z_0-9]*)\]/i', file_get_contents($file->getPathname()), $found);
        $template = file_get_contents($file->getPathname());
        $calls = '/(?<![\w>:$])(' . implode('|', $strict) . ')\(/';
        file_put_contents($file->getPathname(), preg_replace($calls, 'old_$1(', $template));
        $words += array_fill_keys($found[1], true);
    }
}
$lines = ['<?php'];
foreach (array_keys($words) as $word) {
    $lines[] = "defined('$word') || define('$word', '$word');";
}
file_put_contents($argv[1] . '/data/bare_words.php', implode("\n", $lines));
