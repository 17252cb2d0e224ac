"""What people do to the roster: swaps, overrides, absences, rotations. One transaction each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.settling import RosterRules
from alerts.swaps import check_swap, exchange
from monitor.cases import ACTING_ROLES
from monitor.domain import Person, Problem, Role, Through
from monitor.duty_nouns import CallOff, Rotation, Stretch, Swap, SwapOffer, SwapState
from monitor.errors import IllegalStepError, InputError, NotAllowedError
from monitor.roster_book import read_roster
from monitor.storage.repositories import Rows

KEEPING_ROLES = frozenset({Role.LEADER, Role.ADMINISTRATOR})
"""Who may change other people's duty without asking them."""

_LONGEST_NOTE = 200
_LONGEST_STRETCH = timedelta(days=62)
_MOST_DAYS_EACH = 31


def may_keep(person: Person) -> bool:
    """Say whether a person may change the roster for others."""
    return person.role in KEEPING_ROLES


# ---------------------------------------------------------------- swaps


def propose_swap(
    rows: Rows,
    rules: RosterRules,
    proposer: Person,
    offer: SwapOffer,
    now: datetime,
) -> int:
    """Ask somebody to take a stretch of one's duty; nothing changes until they agree.

    Returns:
        The swap's number.

    Raises:
        NotAllowedError: This person only reads.
        InputError: Something speaks against it; the message says all of it.
    """
    if proposer.role not in ACTING_ROLES:
        raise NotAllowedError("您的角色只能查看。")
    _refuse(rows, _problems(rows, rules, proposer.username, offer, now))
    if any(
        each.proposer == proposer.username and each.given == offer.given
        for each in rows.rosters.list_swaps([SwapState.PROPOSED])
    ):
        raise InputError("这一班已经提出换班，等对方答复，或先撤回。")
    offer = replace(offer, note=offer.note.strip()[:_LONGEST_NOTE])
    return rows.rosters.add_swap(proposer.username, offer, now)


def answer_swap(
    rows: Rows,
    rules: RosterRules,
    swap_id: int,
    person: Person,
    *,
    agree: bool,
    now: datetime,
) -> Swap:
    """Agree or decline, as the one who was asked; only agreeing changes the roster.

    Raises:
        NotFoundError: There is no such swap.
        NotAllowedError: Somebody else was asked.
        IllegalStepError: It was answered, withdrawn, or its time has come.
        InputError: Something speaks against it by now.
    """
    swap = rows.rosters.get_swap(swap_id)
    if person.username != swap.other:
        raise NotAllowedError("只有被请求的人可以答复。")
    state = SwapState.AGREED if agree else SwapState.DECLINED
    if agree and swap.state is SwapState.PROPOSED:
        offer = SwapOffer(swap.other, swap.given, swap.taken)
        _refuse(rows, _problems(rows, rules, swap.proposer, offer, now))
    if not rows.rosters.answer_swap(swap_id, state, now):
        raise IllegalStepError("这次换班已经有了答复，或已过期。")
    if agree:
        for stretch, who in exchange(swap.proposer, swap.other, swap.given, swap.taken):
            rows.rosters.add_change(
                stretch, who, person.username, now, note="换班", swap_id=swap_id
            )
    rows.alerts.acknowledge_ladder(f"swap-{swap_id}", person.username, Through.DESK, now)
    return rows.rosters.get_swap(swap_id)


def withdraw_swap(rows: Rows, swap_id: int, person: Person, now: datetime) -> None:
    """Take a proposal back, as the one who made it.

    Raises:
        NotFoundError: There is no such swap.
        NotAllowedError: Somebody else made it.
        IllegalStepError: It was answered already: then it takes a swap back to undo it.
    """
    swap = rows.rosters.get_swap(swap_id)
    if person.username != swap.proposer:
        raise NotAllowedError("只有提出的人可以撤回。")
    if not rows.rosters.answer_swap(swap_id, SwapState.WITHDRAWN, now):
        raise IllegalStepError("已经有了答复，不能撤回；要换回来请再提一次换班。")
    rows.alerts.call_off_ladder(f"swap-{swap_id}", CallOff.OVER, now)


def _problems(
    rows: Rows,
    rules: RosterRules,
    proposer: str,
    offer: SwapOffer,
    now: datetime,
) -> list[Problem]:
    stretches = [offer.given, *([offer.taken] if offer.taken else [])]
    starts_at = min(each.starts_at for each in stretches)
    ends_at = max(each.ends_at for each in stretches)
    if ends_at - starts_at > _LONGEST_STRETCH or starts_at >= ends_at:
        return [Problem("R403", proposer, "起止时间相差太远或颠倒", "核对两个班次的时间")]
    return check_swap(
        proposer,
        offer,
        shifts=read_roster(rows, rules, starts_at, ends_at),
        absences=rows.rosters.list_absences(starts_at, ends_at),
        able={
            each.username
            for each in rows.users.list_all()
            if not each.disabled and each.contacts and each.role in ACTING_ROLES
        },
        now=now,
    )


def _refuse(rows: Rows, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    names = {each.username: each.display_name for each in rows.users.list_all()}
    told = [
        f"{each.code} {names.get(each.where, each.where)}：{each.message}（{each.cure}）"
        for each in problems
    ]
    raise InputError("不能这样换班：%(why)s", why="；".join(dict.fromkeys(told)))


# ---------------------------------------------------------------- overrides, absences, rotations


def put_person(
    rows: Rows,
    stretch: Stretch,
    person: str | None,
    *,
    by: str,
    note: str,
    now: datetime,
) -> int:
    """Put somebody into a stretch of duty, whatever the plan says; None takes everybody off.

    What has been served stays served: a stretch that has begun is changed from now on.

    Returns:
        The change's number.

    Raises:
        InputError: The stretch or the person cannot be meant.
    """
    _check_stretch(stretch.starts_at, stretch.ends_at, now)
    if person is not None:
        _check_person(rows, person)
    stretch = replace(stretch, starts_at=max(stretch.starts_at, now))
    return rows.rosters.add_change(stretch, person, by, now, note=note.strip()[:_LONGEST_NOTE])


def add_absence(
    rows: Rows,
    person: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    substitute: str | None,
    by: str,
    now: datetime,
) -> int:
    """Say that somebody is away; return the absence's number.

    Raises:
        InputError: The time or one of the people cannot be meant.
    """
    _check_stretch(starts_at, ends_at, now)
    _check_person(rows, person)
    if substitute is not None:
        _check_person(rows, substitute)
        if substitute == person:
            raise InputError("代班的人不能是请假的人自己。")
    return rows.rosters.add_absence(
        person, max(starts_at, now), ends_at, substitute=substitute, made_by=by, now=now
    )


def add_rotation(rows: Rows, rotation: Rotation, by: str, now: datetime) -> int:
    """Let people have a duty in turn; return the number that the rotation gets.

    Raises:
        InputError: Nobody is named, somebody is unknown, or the days cannot be meant.
    """
    if not rotation.people:
        raise InputError("轮值至少要有一个人。")
    for person in rotation.people:
        _check_person(rows, person)
    if not 1 <= rotation.days_each <= _MOST_DAYS_EACH:
        raise InputError("每人连值 1 到 %(most)s 天。", most=_MOST_DAYS_EACH)
    if rotation.ends_on is not None and rotation.ends_on < rotation.starts_on:
        raise InputError("结束日期在开始日期之前。")
    return rows.rosters.add_rotation(rotation, by, now)


def _check_person(rows: Rows, username: str) -> None:
    person = rows.users.find(username)
    if person is None or person.disabled:
        known = "、".join(each.username for each in rows.users.list_all() if not each.disabled)
        raise InputError(
            "没有用户 %(username)s，或已停用；现有：%(known)s",
            username=username,
            known=known or "—",
        )


def _check_stretch(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise InputError("结束时间要在开始时间之后。")
    if ends_at <= now:
        raise InputError("这段时间已经过去；值过的班不再改动。")
    if ends_at - starts_at > _LONGEST_STRETCH:
        raise InputError("一次最多改 62 天；更长的请导入值班表或设轮值。")
