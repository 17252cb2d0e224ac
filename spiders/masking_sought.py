"""Patterns that are searched only where a cheaper one says that they can match.

A scan for the characters with which a pattern can begin, or for the words without which it cannot
match, costs a tenth of the pattern itself. Neither may change what is found: a test holds each
pattern with its scans against the same pattern without them.
"""

import re
from collections.abc import Iterator

_Matches = Iterator[re.Match[str]]


class Sought:
    """A pattern with the cheap scans that go before it.

    Args:
        pattern: What is looked for; it finds no empty match but at the start of a text.
        needs: Found somewhere in every text that the pattern matches in.
        begins: Found wherever the pattern matches, beginning at the same place; it looks ahead
            for all but its first character, so that it finds beginnings side by side.
        at_start: The pattern may also match at the start of the text without `begins`.
    """

    __slots__ = ("_at_start", "begins", "needs", "pattern")

    def __init__(
        self, pattern: str, *, needs: str = "", begins: str = "", at_start: bool = False
    ) -> None:
        """Compile the pattern and its scans."""
        self.pattern = re.compile(pattern)
        self.needs = re.compile(needs) if needs else None
        self.begins = re.compile(begins) if begins else None
        self._at_start = at_start

    def finditer(self, text: str) -> _Matches:
        """Find what the pattern finds, in the same order."""
        if self.needs is not None and self.needs.search(text) is None:
            return iter(())
        if self.begins is None:
            return self.pattern.finditer(text)
        return self._find_from(self.begins, text)

    def _find_from(self, begins: re.Pattern[str], text: str) -> _Matches:
        done = 0
        if self._at_start and (match := self.pattern.match(text)) is not None:
            done = match.end()
            yield match
        tried_start = self._at_start
        for beginning in begins.finditer(text):
            at = beginning.start()
            if at < done or (tried_start and at == 0):
                continue
            match = self.pattern.match(text, at)
            if match is not None:
                done = match.end()
                yield match
