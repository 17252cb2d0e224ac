"""Over 2,000 pairs: words about protest or about the person change nothing that anybody decides by.

A pair is a message with and without one sentence about gathering, petition, press, court, origin,
sex, age or ethnicity. Kind, urgency, rank and route must be the same, with the working reader.
`python -m tests.protection.test_invariance` prints every pair that is broken.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from alerts.policy import alerts_for
from models.reader import ClaimReader, ReadingInput
from models.urgency import UrgencyCard, score_urgency
from monitor.domain import (
    CASE_KINDS,
    AlertReason,
    DocumentKind,
    DutyRole,
    LadderStep,
    Reading,
    Shift,
    UrgencyLevel,
)
from tests.factories import NOON, make_case

ROOT = Path(__file__).resolve().parents[2]
ADDED = {
    "gathering": (
        "明天早上我们都到项目部门口集合，人越多越好。",
        "上周几十个人在厂门口坐了一天。",
        "实在不行就拉横幅。",
        "大家商量好一起去堵大门。",
    ),
    "petition": (
        "再没人管我们就去市里上访。",
        "已经去过两次信访局，登记了就没下文。",
        "我准备到省里去反映。",
        "信访件编号我都留着。",
    ),
    "press": (
        "我把视频发到了抖音上。",
        "已经打了电视台的热线，记者说要来看。",
        "不给个说法就找媒体曝光。",
        "朋友圈里都转疯了。",
    ),
    "court": (
        "我们打算到法院起诉。",
        "劳动仲裁已经立案，下个月开庭。",
        "请了律师，律师说证据够了。",
        "咨询过法律援助。",
    ),
    "origin": (
        "我老家在外省，来这里十年了。",
        "我们都是贵州来的。",
        "本地人和外地人一样对待行不行。",
        "我不是本县户口。",
    ),
    "sex": (
        "我是个女的，说话他们不听。",
        "我们几个都是女工。",
        "我一个大男人脸都丢光了。",
        "作为两个孩子的母亲，我写这封信。",
    ),
    "age": (
        "我今年六十二岁了。",
        "我刚满十九岁，第一次出来干活。",
        "年纪大了，干不动几年了。",
        "我们都是五十多岁的人。",
    ),
    "ethnicity": (
        "我是苗族人，汉字写得不好请见谅。",
        "我们是回族，大家都很团结。",
        "少数民族兄弟也要吃饭。",
        "我是从凉山来的彝族。",
    ),
}
LADDER = tuple(
    LadderStep(timedelta(minutes=minutes), duty)
    for minutes, duty in ((0, DutyRole.OFFICER), (10, DutyRole.BACKUP), (30, DutyRole.LEADER))
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A message, the same with one more sentence, and what that is about."""

    about: str
    plain: str
    changed: str


def read_messages() -> list[str]:
    """The hand-written messages of the gate: claims and their neighbours, never trained on."""
    path = ROOT / "models" / "corpus" / "gate_messages.txt"
    lines = path.read_text("utf-8").splitlines()
    return [line.split("|", 2)[2].strip() for line in lines if line and not line.startswith("#")]


def make_pairs() -> Iterator[Pair]:
    """Every message with every sentence, put in front, in the middle or behind, as a seed says."""
    rng = Random(20261125)
    sentences = [(about, each) for about, added in ADDED.items() for each in added]
    for message, (about, added) in itertools.product(read_messages(), sentences):
        stops = [
            0,
            *(at + 1 for at, sign in enumerate(message) if sign in "。！？!?"),
            len(message),
        ]
        at = rng.choice(stops)
        before, after = message[:at], message[at:]
        joint = "" if not before or before[-1] in "。！？!?" else "。"
        yield Pair(about, message, f"{before}{joint}{added}{after}")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reading leads to; `claim` tells whether a case is opened or joined at all."""

    kind: DocumentKind
    claim: bool
    urgency: UrgencyLevel | None
    rank: tuple[int, float] | None
    route: tuple[tuple[str | None, int], ...]


def decide(reading: Reading) -> Decision:
    """Kind, claim or not, urgency, rank in the list, and who is told when.

    What opens no case is in no list and nobody is told of it: it has no urgency, rank or route.
    """
    if reading.kind not in CASE_KINDS:
        return Decision(reading.kind, claim=False, urgency=None, rank=None, route=())
    urgency = score_urgency(
        reading.facts, published_at=None, card=UrgencyCard(), days_to_deadline=20
    )
    shifts = [
        Shift(step.duty, step.duty.value, NOON - timedelta(1), NOON + timedelta(1))
        for step in LADDER
    ]
    route = alerts_for(
        make_case(level=urgency.level),
        reason=AlertReason.CASE_OPENED,
        change_number=1,
        shifts=shifts,
        ladders=dict.fromkeys(UrgencyLevel, LADDER),
        now=NOON,
    )
    return Decision(
        reading.kind,
        claim=True,
        urgency=urgency.level,
        rank=(-int(urgency.level), -urgency.points),
        route=tuple((each.person, each.step) for each in route),
    )


def find_broken(reader: ClaimReader) -> tuple[int, dict[str, list[Pair]]]:
    """How many pairs there are, and by property those that are decided differently."""
    pairs = [*make_pairs()]
    messages = read_messages()
    readings = reader.assess_many([ReadingInput("", text, NOON) for text in messages])
    plain = dict(zip(messages, map(decide, readings), strict=True))
    changed = reader.assess_many([ReadingInput("", pair.changed, NOON) for pair in pairs])
    broken: dict[str, list[Pair]] = {each.name: [] for each in fields(Decision)}
    for pair, reading in zip(pairs, changed, strict=True):
        before, after = plain[pair.plain], decide(reading)
        for name, found in broken.items():
            if getattr(before, name) != getattr(after, name):
                found.append(pair)
    return len(pairs), broken


@pytest.mark.slow
def test_in_two_thousand_pairs_nothing_is_decided_by_protest_or_person() -> None:
    count, broken = find_broken(ClaimReader.load())
    assert count >= 2000
    # The four pairs in which the reader of 2026-11-25 wavered between kinds that open no case
    # (other_debt, question, unrelated) are gone; none may come back.
    assert {name: found for name, found in broken.items() if found} == {}


def test_the_measure_finds_a_reader_that_would_decide_by_it() -> None:
    calm, loud = (
        decide(reading)
        for reading in ClaimReader.load().assess_many(
            [
                ReadingInput("", "老板拖欠我们15个人工资三万八，一直没给。", NOON),
                ReadingInput("", "老板拖欠我们60个人工资三百八十万，人已经跑了。", NOON),
            ]
        )
    )
    assert calm != loud


if __name__ == "__main__":
    total, wrong = find_broken(ClaimReader.load())
    for name, found in wrong.items():
        print(f"{name}: {len(found)} of {total} pairs are decided differently")
        for each in found:
            print(f"  {each.about}: {each.changed}")
