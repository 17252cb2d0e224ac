"""Do scores and words still look like those that the working reader began with?

The reference is kept beside the reader: for a candidate of the messages that it was judged on, for
the shipped one of what it read here first. One text a thread is counted, because replies resemble
each other. What moved is an issue on the desk, with what to do, until it has gone back.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from models.drift import Drift, Profile, compare_profiles, take_profile
from models.reader import ClaimReader, ReadingInput
from monitor.errors import LeaseLostError, RefusedError
from monitor.pipeline import Turn
from monitor.refusals import check_headings
from monitor.storage.readers import ReadText
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

LEASE = "drift"
SUBJECT = "model"
SCORES_MOVED, WORDS_MOVED = "T603", "T604"
WINDOW = timedelta(days=7)
"""Of how long ago texts are held against the reference."""
LEAST_TEXTS = 500
"""A reference is of so many threads at least,"""
LEAST_TIME = timedelta(days=7)
"""and of a whole week, because weekends are written otherwise."""
MOST_TEXTS = 20_000
_EVER = timedelta(days=400)

_PROFILE = TypeAdapter(Profile)


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What was found of the working reader; `drift` is None while there is no reference."""

    version: str
    at: datetime
    threads: int
    drift: Drift | None

    def dump(self) -> dict[str, object]:
        """The whole as plain values, to be kept."""
        dumped: dict[str, object] = _REPORT.dump_python(self, mode="json")
        return dumped

    def as_dict(self) -> dict[str, object]:
        """As plain values, for JSON."""
        moved = asdict(self.drift) | {"shifted": self.drift.has_shifted} if self.drift else None
        return {"version": self.version, "threads": self.threads, "drift": moved}


_REPORT = TypeAdapter(DriftReport)


def make_reference(
    texts: Sequence[ReadText], reader: ClaimReader, *, enough: int = LEAST_TEXTS
) -> dict[str, object] | None:
    """The profile of messages as a candidate reads them; None of too few threads."""
    chosen = pick_threads(texts)
    if len(chosen) < enough or chosen[-1].fetched_at - chosen[0].fetched_at < LEAST_TIME:
        return None
    scores = reader.score_many([ReadingInput(each.title, each.text) for each in chosen])
    return _dump([score.score for score in scores], chosen)


def pick_threads(texts: Sequence[ReadText]) -> list[ReadText]:
    """The first text of every thread, in order; at most `MOST_TEXTS`."""
    first: dict[tuple[str, str], ReadText] = {}
    for each in texts:
        first.setdefault((each.source, each.item_key), each)
    return list(first.values())[:MOST_TEXTS]


def _dump(scores: Sequence[float], texts: Sequence[ReadText]) -> dict[str, object]:
    taken = take_profile(scores, [f"{each.title}\n{each.text}" for each in texts])
    dumped: dict[str, object] = _PROFILE.dump_python(taken, mode="json")
    return dumped


def measure_now(rows: Rows, version: str, now: datetime) -> DriftReport:
    """Hold the last days against the reference; makes none."""
    chosen = _read_by(rows, version, now - WINDOW)
    content = rows.readers.find_reference(version)
    if content is None:
        return DriftReport(version, now, len(chosen), None)
    recent = _PROFILE.validate_python(_dump([each.score or 0.0 for each in chosen], chosen))
    drift = compare_profiles(_PROFILE.validate_python(content), recent)
    return DriftReport(version, now, len(chosen), _without_refused(drift))


def find_last(rows: Rows, version: str) -> DriftReport | None:
    """What was found when `watch_drift` last looked; None while it has not looked yet.

    Measuring reads a week's texts, which takes too long for a page.
    """
    content = rows.readers.find_drift(version)
    return None if content is None else _REPORT.validate_python(content)


def _without_refused(drift: Drift) -> Drift:
    """No word that this software does not count may come out, whatever the dictionary holds."""
    kept = tuple(each for each in drift.rises if not _is_refused(each.word))
    return Drift(**{name: getattr(drift, name) for name in _OTHERS}, rises=kept)


_OTHERS = tuple(name for name in Drift.__dataclass_fields__ if name != "rises")


def _is_refused(word: str) -> bool:
    try:
        check_headings([word], "drift")
    except RefusedError:
        return True
    return False


def _read_by(rows: Rows, version: str, since: datetime) -> list[ReadText]:
    return pick_threads([each for each in rows.readers.walk_texts(since) if each.model == version])


def keep_first_reference(storage: Storage, version: str, now: datetime) -> bool:
    """Keep what the reader read here first as its reference, once that is enough."""
    with storage.look() as rows:  # a long look holds no writer up
        if rows.readers.find_reference(version) is not None:
            return False
        chosen = _read_by(rows, version, now - _EVER)
        if len(chosen) < LEAST_TEXTS:
            return False
        if chosen[-1].fetched_at - chosen[0].fetched_at < LEAST_TIME:
            return False
    content = _dump([each.score or 0.0 for each in chosen], chosen)
    with storage.work() as rows:
        rows.readers.keep_reference(version, content, now)
    return True


def watch_drift(storage: Storage, version: str, turn: Turn) -> DriftReport:
    """Measure, keep what was found, and open or close the issues.

    Raises:
        LeaseLostError: Another process does it.
    """
    with storage.work() as rows:
        if not rows.operations.take_lease(LEASE, turn.holder, turn.now, turn.lease):
            raise LeaseLostError("Another process watches for drift.")
    keep_first_reference(storage, version, turn.now)
    with storage.look() as rows:
        report = measure_now(rows, version, turn.now)
    told = say_drift(report)
    with storage.work() as rows:
        rows.readers.keep_drift(version, report.dump(), turn.now)
        for code, message in told.items():
            rows.operations.record_issue(code, SUBJECT, message, turn.now)
        gone = [code for code in (SCORES_MOVED, WORDS_MOVED) if code not in told]
        rows.operations.close_issues(SUBJECT, gone, turn.now)
    return report


def say_drift(report: DriftReport) -> dict[str, str]:
    """What is to be told, by code: what moved, and what to do."""
    drift, told = report.drift, {}
    if drift is None or not drift.is_enough:
        return {}
    if drift.has_shifted:
        told[SCORES_MOVED] = (
            f"最近 7 天 {drift.now} 个帖子的得分分布与参照（{drift.before} 个）不同："
            f"稳定性指数 {drift.index:.2f}，超过 {drift.limit:.2f}。"
            "先看来源有没有增减或改版；没有的话，到“复核研判”多复核一些，再 qingxin train。"
        )
    words = "、".join(f"{each.word}（{each.now} 个帖子）" for each in drift.rises)
    if drift.has_new_words or words:
        share = f"不认识的词占 {drift.unknown_now:.0%}，参照是 {drift.unknown_before:.0%}。"
        named = f"新近常见：{words}。" if words else ""
        told[WORDS_MOVED] = (
            f"用词变了：{share}{named}是新说法就复核这些消息再 qingxin train；"
            "与工资有关的词请告诉维护的人，加进词典。"
        )
    return told


def list_drift_lines(report: DriftReport) -> list[str]:
    """The same for a terminal, also when nothing moved."""
    if report.drift is None:
        wanted = f"要满 {LEAST_TEXTS} 个帖子和 {LEAST_TIME.days} 天"
        return [f"{report.version} 还没有参照：{wanted}；最近 7 天读了 {report.threads} 个。"]
    drift = report.drift
    if not drift.is_enough:
        return [f"最近 7 天只有 {drift.now} 个帖子，太少，不作判断。"]
    lines = [
        f"{report.version}：参照 {drift.before} 个帖子，最近 7 天 {drift.now} 个",
        f"得分：稳定性指数 {drift.index:.3f}，超过 {drift.limit:.3f} 才算变了",
        f"不认识的词：参照 {drift.unknown_before:.1%}，现在 {drift.unknown_now:.1%}",
        *say_drift(report).values(),
    ]
    return lines if len(lines) > 3 else [*lines, "没有变。"]  # noqa: PLR2004 - the three above
