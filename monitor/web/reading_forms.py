"""Read what an officer typed: days, sums, numbers, words; whatever is wrong is said in one line."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from monitor.errors import InputError, mark
from monitor.web.language import Language
from spiders.masking import mask_numbers

LONGEST_LINE = 200
LONGEST_NOTE = 500
LARGEST_VERSION = 2**53
MOST_WORKERS = 1_000_000
MOST_YUAN = 1e10
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FormReader:
    """Reads fields in the language of the page; every method raises InputError with a cure."""

    language: Language

    def _refuse(self, message: str, **values: object) -> InputError:
        return InputError(self.language.gettext(message) % values)

    def text(self, name: str, written: str, *, longest: int = LONGEST_LINE, needed: bool) -> str:
        """Give back a text without odd characters."""
        kept = "".join(each for each in written if each.isprintable() or each == "\n").strip()
        if needed and not kept:
            raise self._refuse(mark("请填写“%(name)s”。"), name=self.language.gettext(name))
        if len(kept) > longest:
            raise self._refuse(
                mark("“%(name)s”太长，请控制在 %(most)d 字以内。"),
                name=self.language.gettext(name),
                most=longest,
            )
        return kept

    def note(self, name: str, written: str, *, needed: bool = True) -> str:
        """Give back a longer text; numbers and accounts of people are masked in it."""
        return mask_numbers(self.text(name, written, longest=LONGEST_NOTE, needed=needed))

    def proof(self, name: str, written: str, *, needed: bool = True) -> str:
        """Give back what proves something (a receipt, a bank's note), masked as a note is."""
        return mask_numbers(self.text(name, written, needed=needed))

    def day(self, name: str, written: str, *, not_after: date | None = None) -> date:
        """Give back a day, written as 2026-11-25."""
        try:
            day = date.fromisoformat(written.strip())
        except ValueError:
            raise self._refuse(
                mark("“%(name)s”要填一个日期，例如 2026-11-25。"), name=self.language.gettext(name)
            ) from None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise self._refuse(mark("“%(name)s”的年份不对。"), name=self.language.gettext(name))
        if not_after is not None and day > not_after:
            raise self._refuse(mark("“%(name)s”不能晚于今天。"), name=self.language.gettext(name))
        return day

    def maybe_day(self, name: str, written: str, *, not_after: date | None = None) -> date | None:
        """Give back a day, or None for an empty field."""
        return self.day(name, written, not_after=not_after) if written.strip() else None

    def yuan(self, name: str, written: str) -> float:
        """Give back a sum in yuan, above nothing and with at most two decimals."""
        try:
            amount = float(written.replace(",", "").replace("，", "").strip())
        except ValueError:
            amount = -1.0
        if not 0 < amount <= MOST_YUAN or round(amount, 2) != amount:
            raise self._refuse(
                mark("“%(name)s”要填一个金额，单位元，例如 18600.50。"),
                name=self.language.gettext(name),
            )
        return amount

    def maybe_yuan(self, name: str, written: str) -> float | None:
        """Give back a sum, or None for an empty field."""
        return self.yuan(name, written) if written.strip() else None

    def count(self, name: str, written: str) -> int:
        """Give back a number of people, from 1."""
        kept = written.strip()
        if not (kept.isascii() and kept.isdigit() and 1 <= int(kept[:9]) <= MOST_WORKERS):
            raise self._refuse(
                mark("“%(name)s”要填一个人数，例如 14。"), name=self.language.gettext(name)
            )
        return int(kept[:9])

    def maybe_count(self, name: str, written: str) -> int | None:
        """Give back a number of people, or None for an empty field."""
        return self.count(name, written) if written.strip() else None

    def choice(self, name: str, kind: type[Choice], written: str) -> Choice:
        """Give back a member of a closed list."""
        try:
            return kind(written)
        except ValueError:
            raise self._refuse(
                mark("请从列表中选择“%(name)s”。"), name=self.language.gettext(name)
            ) from None


def checked_version(version: int) -> int:
    """Give back a version that a database can hold.

    Raises:
        InputError: No page of ours sends such a number.
    """
    if not 0 <= version <= LARGEST_VERSION:
        raise InputError(str(version))
    return version
