"""How long each kind of thing is kept, and what stops its being forgotten. Pure.

Three things are told apart. *Texts* are what people wrote: they go. *Counts* are what is left of
them, so that old weeks count the same again: they stay. *Machinery* holds nothing of anybody.
A *record* is what the office did: about a case, a party, or itself.
Every table of the database is in `KEEPING`; a table that is not there fails a test, so that nobody
adds one without saying how long it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain import Forgotten, Hold
from monitor.errors import InputError


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """How long things are kept, from the settings; each counts from the event that its name says.

    `closed_texts` from the closing of the case, `not_a_claim_texts` from that decision,
    `no_claim_texts` from the reading, `sent_messages` from the raising of the alert,
    `closed_issues` from the closing of the issue. A hold may last `longest_hold` at the most.
    """

    closed_texts: timedelta
    not_a_claim_texts: timedelta
    no_claim_texts: timedelta
    sent_messages: timedelta
    closed_issues: timedelta
    longest_hold: timedelta


def find_cutoffs(policy: RetentionPolicy, now: datetime) -> Mapping[Forgotten, datetime]:
    """For each kind, the instant (UTC) before which its event must lie for it to be forgotten."""
    return {
        Forgotten.CLOSED: now - policy.closed_texts,
        Forgotten.NOT_A_CLAIM: now - policy.not_a_claim_texts,
        Forgotten.NO_CLAIM: now - policy.no_claim_texts,
        Forgotten.MESSAGE: now - policy.sent_messages,
        Forgotten.ISSUE: now - policy.closed_issues,
        Forgotten.SIGN_IN: now,
    }


def check_hold(reason: str, until: datetime, now: datetime, longest: timedelta) -> str:
    """Give back the reason of a hold that may be placed.

    Raises:
        InputError: No reason, an end that has passed, or one that is too far away.
    """
    written = reason.strip()
    if not written:
        raise InputError("保留要写明理由：为什么这个线索的原文现在不能清除。")
    if until <= now:
        raise InputError("保留的到期日已经过去；请写一个将来的日子。")
    if until > now + longest:
        raise InputError(
            f"保留最长 {longest.days} 天（[retention] longest_hold）；到期还需要的，届时重新登记。"
        )
    return written


def is_active(hold: Hold, now: datetime) -> bool:
    """True while a hold keeps the texts of its case."""
    return hold.lifted_at is None and hold.until_at > now


class Keeping(StrEnum):
    """What kind of thing a table holds, and so how long."""

    TEXT = "text"
    MESSAGE = "message"
    CASE = "case"
    PARTY = "party"
    AUDIT = "audit"
    OFFICE = "office"
    COUNT = "count"
    WATERMARK = "watermark"
    MACHINERY = "machinery"


KEEPING: Mapping[str, Keeping] = {
    "documents": Keeping.TEXT,
    "assessments": Keeping.TEXT,
    "text_bands": Keeping.TEXT,
    "text_signatures": Keeping.TEXT,
    "document_search": Keeping.TEXT,
    "document_search_config": Keeping.TEXT,
    "document_search_data": Keeping.TEXT,
    "document_search_docsize": Keeping.TEXT,
    "document_search_idx": Keeping.TEXT,
    "deliveries": Keeping.MESSAGE,
    "delivery_attempts": Keeping.MESSAGE,
    "acknowledgement_codes": Keeping.MESSAGE,
    "bundles": Keeping.MESSAGE,
    "bundled_deliveries": Keeping.MESSAGE,
    "vendor_messages": Keeping.MESSAGE,
    "incoming": Keeping.MESSAGE,
    "cases": Keeping.CASE,
    "case_documents": Keeping.CASE,
    "case_events": Keeping.CASE,
    "alerts": Keeping.CASE,
    "holds": Keeping.CASE,
    "case_details": Keeping.CASE,
    "case_clocks": Keeping.CASE,
    "case_team": Keeping.CASE,
    "orders": Keeping.CASE,
    "payments": Keeping.CASE,
    "witnesses": Keeping.CASE,
    "referrals": Keeping.CASE,
    "offers": Keeping.CASE,
    "merges": Keeping.CASE,
    "parties": Keeping.PARTY,
    "party_names": Keeping.PARTY,
    "patrols": Keeping.PARTY,
    "audit": Keeping.AUDIT,
    "audit_head": Keeping.AUDIT,
    "labels": Keeping.COUNT,
    "readers": Keeping.MACHINERY,
    "promotions": Keeping.OFFICE,
    "reader_references": Keeping.COUNT,
    "reader_drifts": Keeping.COUNT,
    "removals": Keeping.WATERMARK,
    "forgotten_counts": Keeping.COUNT,
    "acknowledgements": Keeping.CASE,
    "call_offs": Keeping.CASE,
    "held_alerts": Keeping.CASE,
    "handovers": Keeping.CASE,
    "handover_items": Keeping.CASE,
    "report_editions": Keeping.COUNT,
    "continuity": Keeping.COUNT,
    "source_days": Keeping.COUNT,
    "users": Keeping.OFFICE,
    "user_security": Keeping.OFFICE,
    "recovery_codes": Keeping.OFFICE,
    "api_tokens": Keeping.OFFICE,
    "saved_filters": Keeping.OFFICE,
    "rotations": Keeping.OFFICE,
    "roster_changes": Keeping.OFFICE,
    "absences": Keeping.OFFICE,
    "swaps": Keeping.OFFICE,
    "calendar_addresses": Keeping.OFFICE,
    "notices": Keeping.OFFICE,
    "sign_in_codes": Keeping.OFFICE,
    "sessions": Keeping.OFFICE,
    "shifts": Keeping.OFFICE,
    "items": Keeping.WATERMARK,
    "visits": Keeping.WATERMARK,
    "source_gaps": Keeping.MACHINERY,
    "source_paces": Keeping.MACHINERY,
    "issue_pages": Keeping.MACHINERY,
    "watch_findings": Keeping.MACHINERY,
    "canaries": Keeping.MACHINERY,
    "buckets": Keeping.MACHINERY,
    "sources": Keeping.MACHINERY,
    "issues": Keeping.MACHINERY,
    "leases": Keeping.MACHINERY,
    "heartbeats": Keeping.MACHINERY,
    "alembic_version": Keeping.MACHINERY,
}
"""Every table by what it holds."""
