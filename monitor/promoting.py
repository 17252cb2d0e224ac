"""Who may let which reader work, and what may never work. Pure."""

from collections.abc import Sequence

from models.candidate import Standing
from monitor.domain import Person, Role
from monitor.errors import InputError, NotAllowedError
from monitor.storage.readers import Promotion

SHIPPED = "shipped"
"""How a promotion names the reader that comes with the project, whatever its version then is."""

MAY_PROMOTE = frozenset({Role.REVIEWER, Role.LEADER, Role.ADMINISTRATOR})
"""Who may let a reader work."""

SHORTEST_REASON = 4


def find_standing_promotions(lines: Sequence[Promotion]) -> list[Promotion]:
    """The promotions that were not taken back, oldest first; the last one names what works."""
    standing: list[Promotion] = []
    for line in lines:
        if line.undoes is None:
            standing.append(line)
        elif standing:
            standing.pop()
    return standing


def check_may_promote(person: Person) -> None:
    """Let pass who may decide which reader works.

    Raises:
        NotAllowedError: This role may not.
    """
    if person.disabled or person.role not in MAY_PROMOTE:
        raise NotAllowedError("只有复核员、带班领导和管理员可以启用或撤销模型。")


def check_reason(reason: str) -> str:
    """Give back a reason that may be kept.

    Raises:
        InputError: It says nothing.
    """
    written = " ".join(reason.split())
    if len(written) < SHORTEST_REASON:
        raise InputError("写明理由：为什么现在启用（撤销）它；理由会留存，也写进审计。")
    return written[:500]


def check_standing(standing: Standing, *, despite_shortfalls: bool) -> None:
    """Refuse what may not work.

    Raises:
        InputError: It is unfair, which nothing excuses; or below a floor, and nobody said despite.
    """
    if standing.unfair:
        raise InputError(
            "这个模型会因为诉求方式或说话人的身份改变判断，任何理由都不能启用。例如："
            + standing.unfair[0]
        )
    if standing.shortfalls and not despite_shortfalls:
        raise InputError(
            f"低于底线：{'；'.join(standing.shortfalls)}。"
            "确实要启用，加 --despite-shortfalls，理由里写明为什么值得。"
        )
