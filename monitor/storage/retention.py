"""Forgetting: which rows retention has reached, and taking the words out of them.

A document's row stays, without a word, an address or a hash in it, so that what was counted once
counts the same again and a page that is read anew does not bring the text back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Connection,
    Select,
    column,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    table,
    update,
)

from monitor.domain import AlertState, CaseState, Forgotten
from monitor.storage.documents import NO_HASH, Stage
from monitor.storage.tables import (
    AcknowledgementCodeRow,
    AlertRow,
    AssessmentRow,
    BundledDeliveryRow,
    BundleRow,
    CaseDocumentRow,
    CaseRow,
    DeliveryAttemptRow,
    DeliveryRow,
    DocumentRow,
    ForgottenCountRow,
    HoldRow,
    IncomingRow,
    IssueRow,
    RemovalRow,
    Row,
    SignInCodeRow,
    TextBandRow,
    TextSignatureRow,
    UtcDateTime,
    VendorMessageRow,
)

TEXTS = (Forgotten.CLOSED, Forgotten.NOT_A_CLAIM, Forgotten.NO_CLAIM, Forgotten.REMOVAL)
"""The rules that take the words out of documents."""

REST = (Forgotten.MESSAGE, Forgotten.ISSUE, Forgotten.SIGN_IN)
"""The rules that delete rows which hold no text of a document."""

_OPEN_ALERTS = (AlertState.DUE.value, AlertState.SENT.value)
_SESSIONS = table("sessions", column("expires_at", UtcDateTime))


class RetentionRepository:
    """What retention has reached in every table, and the table `forgotten_counts`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- what is due

    def list_due_texts(
        self, rule: Forgotten, cutoff: datetime, now: datetime, limit: int
    ) -> list[int]:
        """The documents whose words must go by this rule, oldest first; no held case is among them.

        Args:
            rule: One of `TEXTS`.
            cutoff: The rule's event must lie before this instant.
            now: Decides which holds are active.
            limit: At most so many.
        """
        due = _due_texts(rule, cutoff, now).order_by(DocumentRow.id).limit(limit)
        return [*self._db.scalars(due)]

    def count_due_texts(self, rule: Forgotten, cutoff: datetime, now: datetime) -> int:
        """How many documents `list_due_texts` would give without a limit."""
        due = _due_texts(rule, cutoff, now).subquery()
        return self._db.scalar(select(func.count()).select_from(due)) or 0

    def forget_texts(self, document_ids: Sequence[int]) -> int:
        """Take every word out of these documents and of what was made from them."""
        self._db.execute(delete(TextBandRow).where(TextBandRow.document_id.in_(document_ids)))
        self._db.execute(
            delete(TextSignatureRow).where(TextSignatureRow.document_id.in_(document_ids))
        )
        self._db.execute(
            update(AssessmentRow)
            .where(AssessmentRow.document_id.in_(document_ids))
            .values(facts={}, why=[], reasons=[])
        )
        emptied = self._db.execute(
            update(DocumentRow)
            .where(DocumentRow.id.in_(document_ids))
            .values(
                title="",
                text="",
                address="",
                text_hash=NO_HASH,
                masked={},
                stage=Stage.FORGOTTEN,
            )
        )
        return emptied.rowcount

    def count_due_rest(self, rule: Forgotten, cutoff: datetime) -> int:
        """How many rows of another kind (one of `REST`) must go."""
        match rule:
            case Forgotten.MESSAGE:
                query = select(func.count()).select_from(DeliveryRow)
                query = query.where(DeliveryRow.alert_id.in_(_done_alerts(cutoff)))
            case Forgotten.ISSUE:
                query = select(func.count()).select_from(IssueRow)
                query = query.where(IssueRow.closed_at < cutoff)
            case _:
                query = select(func.count()).select_from(SignInCodeRow)
                query = query.where(SignInCodeRow.expires_at < cutoff)
        return self._db.scalar(query) or 0

    def forget_rest(self, rule: Forgotten, cutoff: datetime) -> int:
        """Delete rows of another kind; return how many messages, issues or sign-ins went."""
        match rule:
            case Forgotten.MESSAGE:
                return self._forget_messages(cutoff)
            case Forgotten.ISSUE:
                return self._db.execute(
                    delete(IssueRow).where(IssueRow.closed_at < cutoff)
                ).rowcount
            case _:
                self._db.execute(delete(_SESSIONS).where(_SESSIONS.c.expires_at < cutoff))
                return self._db.execute(
                    delete(SignInCodeRow).where(SignInCodeRow.expires_at < cutoff)
                ).rowcount

    def _forget_messages(self, cutoff: datetime) -> int:
        done = _done_alerts(cutoff)
        deliveries = select(DeliveryRow.id).where(DeliveryRow.alert_id.in_(done))
        self._db.execute(
            delete(DeliveryAttemptRow).where(DeliveryAttemptRow.delivery_id.in_(deliveries))
        )
        self._db.execute(
            delete(AcknowledgementCodeRow).where(AcknowledgementCodeRow.alert_id.in_(done))
        )
        for row in (BundledDeliveryRow, VendorMessageRow, IncomingRow):
            self._db.execute(delete(row).where(row.delivery_id.in_(deliveries)))
        self._db.execute(
            delete(BundleRow).where(
                BundleRow.made_at < cutoff,
                ~exists().where(BundledDeliveryRow.bundle_id == BundleRow.id),
            )
        )
        return self._db.execute(delete(DeliveryRow).where(DeliveryRow.alert_id.in_(done))).rowcount

    # ---- counts that stay

    def count_texts(self) -> int:
        """How many documents still have their words."""
        query = select(func.count()).select_from(DocumentRow)
        return self._db.scalar(query.where(DocumentRow.stage != Stage.FORGOTTEN)) or 0

    def count_rows(self, name: str) -> int:
        """How many rows a table has, which is one of ours."""
        return self._db.scalar(select(func.count()).select_from(Row.metadata.tables[name])) or 0

    def count_up(self, counts: Mapping[Forgotten, int], now: datetime) -> None:
        """Add to the counts of the day (UTC)."""
        day = now.date().isoformat()
        for kind, count in counts.items():
            if not count:
                continue
            added = self._db.execute(
                update(ForgottenCountRow)
                .where(ForgottenCountRow.day == day, ForgottenCountRow.kind == kind.value)
                .values(count=ForgottenCountRow.count + count)
            )
            if added.rowcount == 0:
                self._db.execute(
                    insert(ForgottenCountRow).values(day=day, kind=kind.value, count=count)
                )

    def count_forgotten(self) -> dict[Forgotten, int]:
        """How much was ever forgotten, by rule."""
        rows = self._db.execute(
            select(ForgottenCountRow.kind, func.sum(ForgottenCountRow.count)).group_by(
                ForgottenCountRow.kind
            )
        )
        return {Forgotten(kind): int(count) for kind, count in rows}


def _due_texts(rule: Forgotten, cutoff: datetime, now: datetime) -> Select[int]:
    words_left = select(DocumentRow.id).where(DocumentRow.stage != Stage.FORGOTTEN)
    match rule:
        case Forgotten.CLOSED | Forgotten.NOT_A_CLAIM:
            state = CaseState.CLOSED if rule is Forgotten.CLOSED else CaseState.NOT_A_CLAIM
            return (
                words_left.join(CaseDocumentRow, CaseDocumentRow.document_id == DocumentRow.id)
                .join(CaseRow, CaseRow.id == CaseDocumentRow.case_id)
                .where(
                    CaseRow.state == state.value,
                    CaseRow.changed_at < cutoff,
                    ~exists().where(
                        HoldRow.case_id == CaseRow.id,
                        HoldRow.lifted_at.is_(None),
                        HoldRow.until_at > now,
                    ),
                )
            )
        case Forgotten.NO_CLAIM:
            return words_left.where(
                DocumentRow.fetched_at < cutoff,
                DocumentRow.stage.in_((Stage.DONE, Stage.SET_ASIDE)),
                ~exists().where(CaseDocumentRow.document_id == DocumentRow.id),
            )
        case _:
            return words_left.where(
                exists().where(
                    RemovalRow.source == DocumentRow.source,
                    or_(
                        (RemovalRow.key == DocumentRow.key) & ~RemovalRow.whole_item,
                        (RemovalRow.key == DocumentRow.item_key) & RemovalRow.whole_item,
                    ),
                )
            )


def _done_alerts(cutoff: datetime) -> Select[int]:
    return select(AlertRow.id).where(
        AlertRow.raised_at < cutoff, AlertRow.state.not_in(_OPEN_ALERTS)
    )
