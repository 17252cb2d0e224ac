"""What `monitor.storage.tallies` gives: cases, steps and messages as they stood at an instant."""

from dataclasses import dataclass
from datetime import datetime

from monitor.domain import Case, CaseStep, ReferralBody


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case with the state that it had at an instant; `stepped_at` is when it came there.

    The other fields of `case` are those of now, except `referred_to`.
    """

    case: Case
    stepped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What one document told of its case that the case itself does not keep; None: nothing."""

    case_id: int
    document_id: int
    joined_at: datetime
    sector: str | None
    public_project: bool | None


@dataclass(frozen=True, slots=True)
class StepEvent:
    """One step of a case's history; `body` is None where it is no referral or names none."""

    case_id: int
    number: str
    opened_at: datetime
    step: CaseStep
    at: datetime
    body: ReferralBody | None


@dataclass(frozen=True, slots=True)
class PartyMessage:
    """One message about a party: where it stood, when it joined which case."""

    case_id: int
    employer: str | None
    employer_key: str | None
    project: str | None
    project_key: str | None
    source: str
    item_key: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class ReadHour:
    """An hour in which documents were fetched: the first, the last, how many."""

    first_at: datetime
    last_at: datetime
    documents: int
