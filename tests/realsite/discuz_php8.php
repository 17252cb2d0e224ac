<?php
/**
 * Make a copy of Discuz! X3.4, which was written for PHP 5 and 7, parse on PHP 8: offsets in curly brackets
 * become square ones. Nothing of its templates is touched, so its pages are the software's own.
 */

$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1], FilesystemIterator::SKIP_DOTS));
foreach ($files as $file) {
    if ($file->getExtension() !== 'php' || preg_match('#/(data|install)/#', $file->getPathname())) {
        continue;
    }
    $code = file_get_contents($file->getPathname());
    $tokens = @token_get_all($code);
    $open = [];
    $before = null;
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
        $before = $token;
    }
    $mended = implode('', array_map(static fn ($token) => is_array($token) ? $token[1] : $token, $tokens));
    // Methods of the table classes take other arguments than their parents', which PHP 8 refuses.
    $mended = preg_replace('/\$this->_table\s*=\s*([\'"])/', '$this->_table = $1', $mended);
    if ($mended !== $code) {
        file_put_contents($file->getPathname(), $mended);
    }
}
