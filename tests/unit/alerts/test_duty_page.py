"""`docs/duty.md` names every problem that the duty stage can tell, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = re.compile(r"\bR[12]\d\d\b")


def test_every_code_is_explained_and_every_explained_code_exists() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "alerts").glob("*.py"))
    told = set(re.findall(r'"(R[12]\d\d)"', sources))
    explained = set(CODE.findall((ROOT / "docs" / "duty.md").read_text("utf-8")))
    assert told == explained
    assert len(told) == 25
