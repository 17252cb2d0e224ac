"""The name cell of a duty table: who is meant, or the reason why nobody can tell. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain import Person, Problem, Severity

_NOBODY = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "空", "暂无", "待定"})
_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")
_NUMBERS = re.compile(r"(?<![A-Za-z])\d[\d-]{4,}")
_BETWEEN = re.compile(r"[、,;/\\|&+\s]+|和|及")


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """The user name that a cell means, or None with the problem that says why not."""

    username: str | None = None
    problem: Problem | None = None


class NameBook:
    """The people who may stand in a duty table, by display name and by user name."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Take everybody, the disabled too, so that a name of theirs is told as such."""
        self._by_username: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = {}
        for person in people:
            self._by_username[person.username.casefold()] = person
            self._by_name.setdefault(_squeezed(person.display_name), []).append(person)

    def find(self, value: object, where: str) -> ReadPerson:
        """Say whom a cell means: 王芳, 王 芳, 王芳（wangfang）, wangfang, 王芳 with a telephone.

        Returns:
            The user name, or problem R111 (unknown), R112 (two people of one name), R113 (more
            than one name), R114 (disabled) or R115 (nobody).
        """
        text = unicodedata.normalize("NFKC", "" if value is None else str(value)).strip()
        hints = [_squeezed(hint) for hint in _BRACKETS.findall(text)]
        text = _NUMBERS.sub(" ", _BRACKETS.sub(" ", text)).strip()
        if _squeezed(text) in _NOBODY:
            return ReadPerson(
                None,
                Problem("R115", where, "没有人", "填上人，否则这一班无人值守", Severity.WARNING),
            )
        meant = self._candidates(_squeezed(text))
        if not meant:
            names = [name for name in _BETWEEN.split(text) if name]
            if len(names) > 1 and any(self._candidates(_squeezed(name)) for name in names):
                return ReadPerson(None, _several(text, where))
        if len(meant) > 1:
            meant = [person for person in meant if person.username.casefold() in hints]
            if len(meant) != 1:
                return ReadPerson(None, self._ambiguous(text, where))
        return _checked(meant, text, where)

    def _candidates(self, name: str) -> list[Person]:
        by_username = self._by_username.get(name)
        named = [by_username] if by_username else self._by_name.get(name, [])
        # Somebody who has left does not make the name of a colleague ambiguous.
        return [person for person in named if not person.disabled] or named

    def _ambiguous(self, text: str, where: str) -> Problem:
        users = "、".join(person.username for person in self._by_name[_squeezed(text)])
        return Problem(
            "R112",
            where,
            f"有几个人都叫“{text}”（{users}）",
            f"写成“{text}（用户名）”",
        )


def _checked(meant: list[Person], text: str, where: str) -> ReadPerson:
    if not meant:
        return ReadPerson(
            None,
            Problem("R111", where, f"没有名为“{text[:20]}”的用户", "改正姓名，或先添加此人"),
        )
    if meant[0].disabled:
        return ReadPerson(None, Problem("R114", where, f"“{text}”已停用", "换一个人，或重新启用"))
    return ReadPerson(meant[0].username)


def _several(text: str, where: str) -> Problem:
    return Problem(
        "R113",
        where,
        f"一格里有几个人（{' '.join(text.split())[:40]}）",
        "一格只写一个人，第二个人写到“备班”列",
    )


def _squeezed(text: str) -> str:
    return re.sub(r"[\s·•]+", "", unicodedata.normalize("NFKC", text)).casefold()
