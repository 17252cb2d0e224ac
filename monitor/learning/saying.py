"""What a judgement says, in sentences: on the page, on the terminal and on the desk. Pure."""

from dataclasses import astuple, fields
from typing import Final

from models.candidate import Hits
from models.gate import FIGURE_NAMES, GateFigures, holds_floor, list_below
from monitor.learning.judgement import Judgement
from monitor.reports.rates import share_interval

CONFIDENCE: Final = 0.95
_CLEAR: Final = 0.05


def say_share(part: int, whole: int) -> str:
    """A share with its exact 95 % interval, or that there is nothing to count."""
    interval = share_interval(part, whole, CONFIDENCE)
    if interval is None:
        return "无从计算（0 条）"
    low, high = interval
    return f"{part}/{whole}，{part / whole:.0%}（95% 区间 {low:.0%}–{high:.0%}）"


def list_figures(judgement: Judgement) -> list[tuple[str, float, float, float, bool]]:
    """The gate's figures: name, working, candidate, floor, and whether the candidate holds it."""
    working, found = astuple(judgement.working_figures), astuple(judgement.figures)
    rows = []
    for at, field in enumerate(fields(GateFigures)):
        floor = getattr(judgement.floors, field.name)
        holds = holds_floor(field.name, found[at], floor)
        rows.append((FIGURE_NAMES[field.name], working[at], found[at], floor, holds))
    return rows


def list_hits(working: Hits, candidate: Hits) -> list[tuple[str, str, str]]:
    """Both readers on the held-back labels: name, working, candidate."""
    return [
        ("查准", say_share(*working.precision), say_share(*candidate.precision)),
        ("查全", say_share(*working.recall), say_share(*candidate.recall)),
        ("与复核一致", say_share(*working.right), say_share(*candidate.right)),
    ]


def say_verdict(judgement: Judgement) -> str:
    """Whether it may be promoted."""
    if judgement.unfair:
        return "不能启用：诉求方式或说话人的身份会改变它的判断。"
    if judgement.shortfalls:
        # From the figures: what was kept in words by earlier versions is English.
        low = list_below(judgement.figures, judgement.floors)
        return f"低于底线：{'；'.join(low or judgement.shortfalls)}。"
    return "达到全部底线，公平性检查全部通过。"


def say_labels(judgement: Judgement) -> list[str]:
    """What was learned from reviewers, and what measures it."""
    labels = judgement.labels
    if labels is None:
        return ["只用语料训练，没有用复核意见。"]
    lines = [
        f"复核过 {labels.reviewed} 条：学 {labels.learned} 条，留出 {labels.held_back} 条只用来量。"
    ]
    if labels.without_words:
        lines.append(f"{labels.without_words} 条的原文已按保存期清除，不能再学。")
    if labels.repeated:
        lines.append(f"{labels.repeated} 条留出的与学过的一字不差，两边都不用。")
    return lines


def say_comparison(judgement: Judgement) -> list[str]:
    """What the held-back labels say of the two readers, and how far that can be trusted."""
    found = judgement.on_labels
    if found is None:
        return ["没有留出的复核意见，无从比较两个模型。"]
    differing = f"只有候选判对的 {found.better} 条，只有现用判对的 {found.worse} 条"
    lines = [f"{differing}（若两者一样好，差得这么多或更多的机会是 {found.chance:.0%}）。"]
    if found.chance > _CLEAR:
        lines.append("这个差别还看不出是真的，不能据此说哪个更好。")
    if found.are_few:
        lines.append(f"留出的只有 {found.working.texts} 条，太少：请看区间，不要只看比例。")
    lines.append("留出的多是拿不准的消息，所以比例低于平时；可以比两个模型，不能当作平时的准确率。")
    return lines


def say_changes(judgement: Judgement) -> str:
    """How many recent messages would be judged otherwise."""
    if not judgement.moved:
        return f"最近 30 天的 {judgement.read} 条消息，一条也不会变。"
    return (
        f"最近 30 天的 {judgement.read} 条消息里，会多立 {len(judgement.added)} 条，"
        f"少立 {len(judgement.dropped)} 条。"
    )


def list_lines(judgement: Judgement) -> list[str]:
    """The whole, for a terminal; no word of any message."""
    lines = [
        f"候选模型 {judgement.candidate}，现用 {judgement.working}",
        *say_labels(judgement),
        say_verdict(judgement),
    ]
    for name, working, found, floor, holds in list_figures(judgement):
        mark = "" if holds else "  ← 低于底线"
        lines.append(f"  {name}：现用 {working:.3f}，候选 {found:.3f}，底线 {floor:.3f}{mark}")
    lines += [f"  不公平：{each}" for each in judgement.unfair[:5]]
    if judgement.on_labels:
        hits = list_hits(judgement.on_labels.working, judgement.on_labels.candidate)
        lines += [f"  {name}：现用 {old}；候选 {new}" for name, old, new in hits]
    return [*lines, *say_comparison(judgement), say_changes(judgement)]
