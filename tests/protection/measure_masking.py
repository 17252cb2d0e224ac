"""How much personal data the mask removes, and how much else: a command.

    python -m tests.protection.measure_masking [--part PART] [--misses] [--presidio PYTHON] [--json]

A value counts as masked only when none of its letters and digits is left where it stood; what must
stay counts as untouched only when every character of it is left. `--misses` shows what failed,
which ends the blindness of a part: it does so for `seen`, and for a part that is named.
`--presidio` names a Python that has presidio-analyzer (it is no requirement of the project;
docs/protection.md says how) and measures its stock recognisers on the same messages.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from spiders.masking import mask
from tests.protection.marked_blind import BATCHES, read_batch
from tests.protection.marked_forms import APART, SEEN
from tests.protection.marked_set import Marked, make_messages

PARTS = (SEEN, APART, *BATCHES)
MARK = re.compile(r"〔(?:电话|身份证|银行卡|车牌|微信|QQ|账号|邮箱|住址|姓名|P)〕")
NUMBERS = frozenset({"phone", "landline", "identity", "card", "plate", "wechat", "qq", "email"})
Masker = Callable[[str], str]


@dataclass
class Tally:
    """Counts of one part: by kind and form, how many there are and how many came out right."""

    total: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    other_characters: int = 0
    other_masked: int = 0

    def share(self, kinds: Iterable[str]) -> float:
        """The share that came out right among these kinds, in [0, 1]; 1 when there is none."""
        wanted = frozenset(kinds)
        total = sum(count for key, count in self.total.items() if key[0] in wanted)
        right = sum(count for key, count in self.right.items() if key[0] in wanted)
        return right / total if total else 1.0

    def figures(self) -> dict[str, float]:
        """The figures that the project promises, and how much of the rest was taken along."""
        # A place may go with the home that stands in it; what a case is made of may not.
        kept = {kind for kind, _ in self.total if kind.startswith("kept ")} - {"kept place"}
        return {
            "numbers": self.share(NUMBERS),
            "names": self.share(["name"]),
            "doors": self.share(["door"]),
            "whole_addresses": self.share(["home"]),
            "untouched": self.share(kept),
            "places_untouched": self.share(["kept place"]),
            "other_text_masked": self.other_masked / max(1, self.other_characters),
        }


def find_survivors(text: str, masked: str) -> list[bool]:
    """For each character of the text, whether it is left in the masked text.

    Raises:
        ValueError: The masked text is not the text with marks in the place of pieces.
    """
    left = MARK.split(masked)
    pattern = "(.*?)".join(f"({re.escape(piece)})" for piece in left)
    match = re.fullmatch(pattern, text, re.DOTALL)
    if match is None:
        raise ValueError(f"not a masked form of its text: {masked}")
    survives = [False] * len(text)
    for group in range(1, (match.lastindex or 0) + 1, 2):
        start, end = match.span(group)
        survives[start:end] = [True] * (end - start)
    return survives


def judge(message: Marked, masked: str, tally: Tally) -> None:
    """Count one message."""
    survives = find_survivors(message.text, masked)
    counted = [False] * len(message.text)
    for start, end, kind, form in message.personal:
        left = [
            message.text[at]
            for at in range(start, end)
            if survives[at] and message.text[at].isalnum()
        ]
        note(tally, (kind, form), message.text[start:end], masked, right=not left)
        counted[start:end] = [True] * (end - start)
    for start, end, kind in message.kept:
        value = message.text[start:end]
        note(tally, (f"kept {kind}", ""), value, masked, right=all(survives[start:end]))
        counted[start:end] = [True] * (end - start)
    tally.other_characters += counted.count(False)
    tally.other_masked += sum(not survives[at] for at in range(len(counted)) if not counted[at])


def note(tally: Tally, key: tuple[str, str], value: str, masked: str, *, right: bool) -> None:
    """Count one value, and remember it if it failed."""
    tally.total[key] += 1
    tally.right[key] += right
    if not right:
        tally.misses.append(f"{key}: {value!r}\n    {masked!r}")


def list_messages(part: str) -> list[Marked]:
    """The messages of a part."""
    return list(read_batch(part) if part in BATCHES else make_messages(part))


def measure(part: str, masker: Masker) -> Tally:
    """Measure a masker on a part."""
    tally = Tally()
    for message in list_messages(part):
        judge(message, masker(message.text), tally)
    return tally


def load_presidio(python: str) -> Masker:
    """Run Presidio in its own Python, once for every message of all parts."""
    texts = list(dict.fromkeys(each.text for part in PARTS for each in list_messages(part)))
    script = Path(__file__).with_name("presidio_lines.py")
    answer = subprocess.run(
        [python, script],
        input="\n".join(json.dumps(text) for text in texts),
        capture_output=True,
        text=True,
        check=True,
    )
    masked = dict(zip(texts, map(json.loads, answer.stdout.splitlines()), strict=True))
    print(answer.stderr.strip(), file=sys.stderr)
    return masked.__getitem__


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--part", action="append", choices=PARTS, help="all, if none is named")
    options.add_argument("--misses", action="store_true", help="show what failed")
    options.add_argument("--forms", action="store_true", help="by kind and form")
    options.add_argument("--presidio", metavar="PYTHON")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    maskers: dict[str, Masker] = {"qingxin": lambda text: mask(text).text}
    if given.presidio:
        maskers["presidio"] = load_presidio(given.presidio)
    results = {}
    for name, masker in maskers.items():
        for part in given.part or PARTS:
            tally = measure(part, masker)
            results[f"{name} {part}"] = tally.figures()
            if given.json:
                continue
            size = len(list_messages(part))
            print(f"\n{name}, part {part}, {size} messages, {tally.total.total()} values")
            for figure, share in tally.figures().items():
                print(f"  {figure:18} {share:7.2%}")
            if given.forms:
                for key, count in sorted(tally.total.items()):
                    print(f"  {' '.join(key):28} {tally.right[key]:5} of {count}")
            if given.misses and (part == SEEN or part in (given.part or [])):
                print("\n".join(tally.misses))
    if given.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
