"""The forms of the duty pages; each acts once and sends the browser back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response, post
from litestar.params import URLEncodedBody

from monitor.domain import SHANGHAI, DutyRole
from monitor.duty_nouns import Stretch, SwapOffer
from monitor.errors import InputError
from monitor.web.duty_pages import Number
from monitor.web.entry import could_be_ours
from monitor.web.visit import Here, Visit
from spiders.masking import mask_numbers

LONGEST_NOTE = 2000
_PARTS_OF_A_STRETCH = 4


@dataclass(frozen=True, slots=True)
class PutForm:
    """An override: who has which duty, from when to when (local time); an empty name is nobody."""

    duty: DutyRole
    person: str = ""
    starts: str = ""
    ends: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AwayForm:
    """An absence; an empty substitute is nobody."""

    person: str
    starts: str = ""
    ends: str = ""
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class SwapForm:
    """A proposal: one of my shifts, and either a person or somebody's shift to take in return."""

    given: str
    wanted: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoteForm:
    """What the next person must know."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class AcceptForm:
    """Which case is taken over; 0 for all of them and the note."""

    case_id: int = 0


# ---------------------------------------------------------------- the roster


@post("/duty/roster/put", sync_to_thread=True)
def put(visit: Here, data: URLEncodedBody[PutForm]) -> Response[Any]:
    """Put somebody into a stretch of duty."""
    stretch = Stretch(data.duty, read_local(visit, data.starts), read_local(visit, data.ends))
    note = read_note(data.note)
    visit.duty.put_person(visit.person, stretch, data.person or None, note, visit.now)
    return visit.redirect("/duty/roster?done=changed")


@post("/duty/roster/changes/{number:int}/withdraw", sync_to_thread=True)
def withdraw_change(visit: Here, number: Number) -> Response[Any]:
    """Let the plan hold again."""
    visit.duty.withdraw_change(visit.person, number, visit.now)
    return visit.redirect("/duty/roster?done=withdrawn")


@post("/duty/roster/away", sync_to_thread=True)
def away(visit: Here, data: URLEncodedBody[AwayForm]) -> Response[Any]:
    """Say that somebody is away."""
    visit.duty.add_absence(
        visit.person,
        data.person,
        read_local(visit, data.starts),
        read_local(visit, data.ends),
        substitute=data.substitute or None,
        now=visit.now,
    )
    return visit.redirect("/duty/roster?done=away")


@post("/duty/roster/absences/{number:int}/end", sync_to_thread=True)
def end_absence(visit: Here, number: Number) -> Response[Any]:
    """Say that somebody is back."""
    visit.duty.end_absence(visit.person, number, visit.now)
    return visit.redirect("/duty/roster?done=back")


@post("/duty/calendar", sync_to_thread=True)
def make_calendar(visit: Here) -> Response[Any]:
    """Make a secret address for one's own calendar, and show it this once."""
    address = visit.duty.make_calendar_address(visit.person, visit.now)
    return visit.page("calendar.html", address=address)


# ---------------------------------------------------------------- swaps


@post("/duty/swaps/propose", sync_to_thread=True)
def propose(visit: Here, data: URLEncodedBody[SwapForm]) -> Response[Any]:
    """Ask somebody to take a shift."""
    _, given = read_owned(visit, data.given)
    if "|" in data.wanted:
        other, taken = read_owned(visit, data.wanted)
        offer = SwapOffer(other, given, taken, read_note(data.note))
    else:
        offer = SwapOffer(data.wanted, given, None, read_note(data.note))
    visit.duty.propose_swap(visit.person, offer, visit.now)
    return visit.redirect("/duty/swaps?done=proposed")


@post("/duty/swaps/{number:int}/agree", sync_to_thread=True)
def agree(visit: Here, number: Number) -> Response[Any]:
    """Agree; from now on the roster has it so."""
    visit.duty.answer_swap(visit.person, number, agree=True, now=visit.now)
    return visit.redirect("/duty/swaps?done=agreed")


@post("/duty/swaps/{number:int}/decline", sync_to_thread=True)
def decline(visit: Here, number: Number) -> Response[Any]:
    """Decline; nothing changes."""
    visit.duty.answer_swap(visit.person, number, agree=False, now=visit.now)
    return visit.redirect("/duty/swaps?done=declined")


@post("/duty/swaps/{number:int}/withdraw", sync_to_thread=True)
def withdraw_swap(visit: Here, number: Number) -> Response[Any]:
    """Take one's own proposal back."""
    visit.duty.withdraw_swap(visit.person, number, visit.now)
    return visit.redirect("/duty/swaps?done=withdrawn")


# ---------------------------------------------------------------- hand-over


@post("/duty/handovers/{number:int}/note", sync_to_thread=True)
def note(visit: Here, number: Number, data: URLEncodedBody[NoteForm]) -> Response[Any]:
    """Write what the next person must know."""
    visit.duty.write_note(number, visit.person, read_note(data.note), visit.now)
    return visit.redirect(f"/duty/handovers/{number}?done=noted")


@post("/duty/handovers/{number:int}/accept", sync_to_thread=True)
def accept(visit: Here, number: Number, data: URLEncodedBody[AcceptForm]) -> Response[Any]:
    """Take over one case, or everything."""
    visit.duty.accept_handover(number, visit.person, data.case_id or None, visit.now)
    return visit.redirect(f"/duty/handovers/{number}?done=accepted")


# ---------------------------------------------------------------- reading the forms


def read_local(visit: Visit, text: str) -> datetime:
    """Read what a field of date and time sends, in Asia/Shanghai.

    Raises:
        InputError: It is none.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        message = visit.language.gettext("时间看不懂，请写成 2026-12-01T08:00。")
        raise InputError(message) from None


def read_owned(visit: Visit, text: str) -> tuple[str, Stretch]:
    """Read a shift that the page offered: person|duty|from|to.

    Raises:
        InputError: No page of ours offers that.
    """
    parts = text.split("|")
    message = visit.language.gettext("请从列表里选一个班次。")
    if len(parts) != _PARTS_OF_A_STRETCH or not could_be_ours(parts[0]):
        raise InputError(message)
    try:
        starts_at, ends_at = (datetime.fromisoformat(each) for each in parts[2:])
        stretch = Stretch(DutyRole(parts[1]), starts_at, ends_at)
    except ValueError:
        raise InputError(message) from None
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise InputError(message)
    return parts[0], stretch


def read_note(text: str) -> str:
    """Give a note back without odd characters; people's numbers are masked in it.

    Raises:
        InputError: It is too long; the message is for the officer.
    """
    written = "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()
    if len(written) > LONGEST_NOTE:
        raise InputError("说明太长，请控制在 %(most)d 字以内。", most=LONGEST_NOTE)
    return mask_numbers(written)


DUTY_STEPS = [
    put,
    withdraw_change,
    away,
    end_absence,
    make_calendar,
    propose,
    agree,
    decline,
    withdraw_swap,
    note,
    accept,
]
