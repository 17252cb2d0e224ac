"""How soon somebody must act: a score card that an officer can read and a bureau can set."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.domain import SHANGHAI, Facts, Urgency, UrgencyLevel


@dataclass(frozen=True, slots=True)
class UrgencyCard:
    """Points and thresholds. Sums in yuan, lengths in months, deadlines in days.

    `…_steps` are pairs (least, points), highest first; the first that is reached counts.
    """

    worker_steps: tuple[tuple[int, int], ...] = ((50, 4), (10, 3), (3, 1))
    amount_steps: tuple[tuple[float, int], ...] = ((1_000_000.0, 4), (100_000.0, 3), (20_000.0, 1))
    month_steps: tuple[tuple[float, int], ...] = ((12.0, 3), (3.0, 2), (1.0, 1))
    deadline_steps: tuple[tuple[int, int], ...] = ((15, 3), (30, 2), (60, 1))
    public_project: int = 2
    employer_fled: int = 4
    employer_class_c: int = 2
    danger_to_life: int = 100
    raised_at: int = 3
    high_at: int = 6
    critical_at: int = 10


WAN: Final = 10_000
DANGER_REASON: Final = (
    "有人的生命可能有危险：先救人。拨打心理援助热线 12356、急救 120，监察员立即电话联系或到场"
)


def score_urgency(
    facts: Facts,
    *,
    published_at: datetime | None,
    card: UrgencyCard,
    days_to_deadline: int | None,
    employer_known_c: bool = False,
) -> Urgency:
    """Add up the card's points and say in a Chinese sentence what each is for.

    Args:
        facts: What the message says; facts that it does not state earn no points.
        published_at: When it was written, aware; with `owed_from` it tells how long wages are owed.
        card: Points and thresholds of the bureau.
        days_to_deadline: Days until the campaign's deadline; None without one; negative past it.
        employer_known_c: The employer or project is in class C of the bureau's list.
    """
    lines: list[tuple[int, str]] = []
    if facts.danger_to_life is not None and facts.danger_to_life.value:
        lines.append((card.danger_to_life, DANGER_REASON))
    if facts.employer_fled is not None and facts.employer_fled.value:
        lines.append((card.employer_fled, "雇主可能已逃匿或失联"))
    lines += _size_lines(facts, published_at, card)
    if facts.public_project is not None and facts.public_project.value:
        lines.append((card.public_project, "涉及政府或国有资金项目"))
    if employer_known_c:
        lines.append((card.employer_class_c, "雇主或项目在 C 类名单"))
    lines += _deadline_lines(days_to_deadline, card)
    kept = [(points, reason) for points, reason in lines if points]
    points = sum(points for points, _ in kept)
    reasons = tuple(f"{reason}（+{points}）" for points, reason in kept)
    return Urgency(_level(points, card), points, reasons)


def _size_lines(
    facts: Facts, published_at: datetime | None, card: UrgencyCard
) -> list[tuple[int, str]]:
    """Count workers, sum and months."""
    lines: list[tuple[int, str]] = []
    if facts.workers is not None:
        people = facts.workers.value
        points = next((worth for least, worth in card.worker_steps if people >= least), 0)
        lines.append((points, f"涉及 {people} 人"))
    if facts.amount_yuan is not None:
        yuan = facts.amount_yuan.value
        points = next((worth for least, worth in card.amount_steps if yuan >= least), 0)
        lines.append((points, f"金额约 {_written_sum(yuan)}"))
    months = _months(facts, published_at)
    if months is not None:
        points = next((worth for least, worth in card.month_steps if months >= least), 0)
        lines.append((points, f"已拖欠约 {months:g} 个月"))
    return lines


def _deadline_lines(days: int | None, card: UrgencyCard) -> list[tuple[int, str]]:
    """Count the nearness of the campaign's deadline."""
    if days is None:
        return []
    if days < 0:
        return [(card.deadline_steps[0][1], f"清零期限已过 {-days} 天")]
    points = next((worth for most, worth in card.deadline_steps if days <= most), 0)
    return [(points, f"距清零期限还有 {days} 天")]


def _months(facts: Facts, published_at: datetime | None) -> float | None:
    """Say for how many months wages are owed: as stated, or from the first month to the last."""
    if facts.months is not None:
        return facts.months.value
    if facts.owed_from is None:
        return None
    if facts.owed_to is not None:
        year, month = (int(part) for part in facts.owed_to.value.split("-"))
    elif published_at is not None:
        local = published_at.astimezone(SHANGHAI)
        year, month = local.year, local.month
    else:
        return None
    first_year, first_month = (int(part) for part in facts.owed_from.value.split("-"))
    return float(max(0, (year - first_year) * 12 + month - first_month + 1))


def _written_sum(yuan: float) -> str:
    """Write a sum as people say it."""
    return f"{yuan / WAN:g} 万元" if yuan >= WAN else f"{yuan:g} 元"


def _level(points: int, card: UrgencyCard) -> UrgencyLevel:
    """Find the level of a number of points."""
    if points >= card.critical_at:
        return UrgencyLevel.CRITICAL
    if points >= card.high_at:
        return UrgencyLevel.HIGH
    return UrgencyLevel.RAISED if points >= card.raised_at else UrgencyLevel.ROUTINE
