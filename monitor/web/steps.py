"""The forms of a case: acknowledge, accept, refer, not a claim; each acts and sends one back."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.params import URLEncodedBody

from monitor.errors import InputError
from monitor.refusals import read_body
from monitor.web.pages import CaseNumber
from monitor.web.visit import Here, Visit
from spiders.masking import mask_numbers

LONGEST_REASON = 500
LARGEST_VERSION = 2**53


@dataclass(frozen=True, slots=True)
class StepForm:
    """What every form of a case sends: the version of the case that the officer saw."""

    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReferralForm:
    """A referral: to whom and why."""

    version: int
    body: str
    reason: str = ""


Step = URLEncodedBody[StepForm]
Referral = URLEncodedBody[ReferralForm]


@post("/cases/{case_id:int}/acknowledge", sync_to_thread=True)
def acknowledge(visit: Here, case_id: CaseNumber) -> Response[Any]:
    """Say that it was seen; no version, since seeing it twice is no conflict."""
    visit.desk.acknowledge_case(case_id, visit.person, visit.now)
    return visit.redirect(f"/cases/{case_id}?done=acknowledged")


@post("/cases/{case_id:int}/accept", sync_to_thread=True)
def accept(visit: Here, case_id: CaseNumber, data: Step) -> Response[Any]:
    """Take the case over."""
    visit.desk.accept(case_id, visit.person, checked_version(data.version), visit.now)
    return visit.redirect(f"/cases/{case_id}?done=accepted")


@post("/cases/{case_id:int}/refer", sync_to_thread=True)
def refer(visit: Here, case_id: CaseNumber, data: Referral) -> Response[Any]:
    """Pass the case on to a named body."""
    visit.desk.refer(
        case_id,
        visit.person,
        checked_version(data.version),
        body=read_body(data.body),
        reason=checked_reason(visit, data.reason),
        now=visit.now,
    )
    return visit.redirect(f"/cases/{case_id}?done=referred")


@post("/cases/{case_id:int}/not-a-claim", sync_to_thread=True)
def not_a_claim(visit: Here, case_id: CaseNumber, data: Step) -> Response[Any]:
    """Say that the case is not about unpaid wages."""
    visit.desk.not_a_claim(
        case_id,
        visit.person,
        checked_version(data.version),
        reason=checked_reason(visit, data.reason),
        now=visit.now,
    )
    return visit.redirect(f"/cases/{case_id}?done=not_a_claim")


def checked_reason(visit: Visit, reason: str) -> str:
    """Give back the reason without odd characters; people's numbers are masked in it.

    Raises:
        InputError: It is empty or too long; the message is for the officer.
    """
    written = "".join(letter for letter in reason if letter.isprintable() or letter == "\n").strip()
    if not written:
        raise InputError(visit.language.gettext("请写明理由。"))
    if len(written) > LONGEST_REASON:
        raise InputError("理由太长，请控制在 %(most)d 字以内。", most=LONGEST_REASON)
    return mask_numbers(written)


def checked_version(version: int) -> int:
    """Give back a version that a database can hold.

    Raises:
        InputError: No page of ours sends such a number.
    """
    if not 0 <= version <= LARGEST_VERSION:
        raise InputError(str(version))
    return version


STEPS = [acknowledge, accept, refer, not_a_claim]
