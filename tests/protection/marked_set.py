"""Messages with marked personal data, made from templates and forms of ours: always the same ones.

`python -m tests.protection.marked_set [seen|apart]` prints them as JSON lines: {"id", "text",
"personal": [[start, end, kind, form], …], "kept": [[start, end, kind], …]}.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.protection.marked_forms import (
    APART,
    CARDS,
    DOORS,
    EMAILS,
    IDENTITIES,
    LANDLINES,
    PHONES,
    PLATES,
    QQS,
    SEEN,
    WECHATS,
)

FOLDER = Path(__file__).parent / "marked"
COUNTS = {SEEN: 1400, APART: 600}
SEED = 20261125
FORMS = {
    "phone": PHONES,
    "landline": LANDLINES,
    "identity": IDENTITIES,
    "card": CARDS,
    "plate": PLATES,
    "wechat": WECHATS,
    "qq": QQS,
    "email": EMAILS,
}
ROOM_FORMS = frozenset({"room", "house", "dashes", "wide", "letter", "floor", "row"})
_SLOT = re.compile(r"\{(?P<personal>[a-z]+)(?P<same>[0-9]?)\}|\[(?P<kept>[a-z]+)\]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A message; `personal` has (start, end, kind, form), `kept` (start, end, kind)."""

    number: str
    text: str
    personal: tuple[tuple[int, int, str, str], ...]
    kept: tuple[tuple[int, int, str], ...]


def read_sections(name: str) -> dict[str, list[str]]:
    """Read a file of sections: `== name`, then one entry a line; # begins a comment."""
    sections: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line.startswith("== "):
            entries = sections.setdefault(line.removeprefix("== "), [])
        elif line and not line.startswith("#"):
            entries.append(line.replace("\\n", "\n"))
    return sections


@cache
def slots() -> dict[str, list[str]]:
    """What fills the slots."""
    return read_sections("slots.txt")


def pick(part: str, name: str, rng: Random) -> str:
    """Draw a filling; the part that is apart has some of its own and draws those mostly."""
    own = slots().get(f"{name} apart", [])
    return rng.choice(own if part == APART and own and rng.random() < 0.7 else slots()[name])


def make_name(part: str, rng: Random) -> tuple[str, str]:
    """Draw a name and say of what form it is."""
    if rng.random() < 0.05:
        return pick(part, "minority", rng), "minority"
    surname, given = pick(part, "surname", rng), pick(part, "given", rng)
    return surname + given, f"{len(surname)}+{len(given)}"


def make_home(part: str, rng: Random) -> tuple[str, str]:
    """Draw an address down to the door; a NUL stands where its door begins."""
    form, make = rng.choice(DOORS[part])
    if form in ROOM_FORMS:
        return pick(part, "estate", rng) + "\x00" + make(rng), form
    return pick(part, "street", rng) + "\x00" + make(rng), form


def make_value(part: str, kind: str, rng: Random) -> tuple[str, str]:
    """Draw a personal value and its form."""
    if kind == "name":
        return make_name(part, rng)
    if kind == "home":
        return make_home(part, rng)
    form, make = rng.choice(FORMS[kind][part])
    return make(rng), form


def fill(part: str, number: int, template: str, rng: Random) -> Marked:
    """Fill one template."""
    pieces: list[str] = []
    personal, kept = [], []
    known: dict[str, tuple[str, str]] = {}
    length = done = 0
    for slot in _SLOT.finditer(template):
        before = template[done : slot.start()]
        done = slot.end()
        length += len(before)
        if slot["kept"]:
            value = rng.choice(slots()[slot["kept"]])
            kept.append((length, length + len(value), slot["kept"]))
        else:
            drawn = make_value(part, slot["personal"], rng)
            if slot["same"]:
                drawn = known.setdefault(slot["personal"] + slot["same"], drawn)
            value, form = drawn
            street, _, door = value.rpartition("\x00")
            if street:
                value = street + door
                personal.append((length + len(street), length + len(value), "door", form))
            personal.append((length, length + len(value), slot["personal"], form))
        pieces += [before, value]
        length += len(value)
    pieces.append(template[done:])
    return Marked(f"{part}-{number}", "".join(pieces), tuple(personal), tuple(kept))


def make_messages(part: str) -> Iterator[Marked]:
    """Make the messages of one part; every template comes up equally often."""
    templates = read_sections("templates.txt")[part]
    for number in range(COUNTS[part]):
        rng = Random(f"{SEED}:{part}:{number}")
        yield fill(part, number, templates[number % len(templates)], rng)


def main() -> None:
    """Print the messages of the named parts."""
    for part in sys.argv[1:] or COUNTS:
        for each in make_messages(part):
            line = {
                "id": each.number,
                "text": each.text,
                "personal": each.personal,
                "kept": each.kept,
            }
            print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
