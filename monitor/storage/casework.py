"""What is kept about a case until the money is paid: orders, payments, witnesses, and more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from monitor.casework import (
    CaseDetails,
    CaseRecord,
    DeliveryWay,
    Merge,
    NewOrder,
    NewPayment,
    Offer,
    OfferAnswer,
    Order,
    Payment,
    Referral,
    ReferralResult,
    WhoseMoney,
    Witness,
    WitnessKind,
)
from monitor.domain import ReferralBody
from monitor.errors import IllegalStepError, NotFoundError
from monitor.storage.deadlines import Deadlines
from monitor.storage.ledger_tables import (
    CaseDetailsRow,
    MergeRow,
    OfferRow,
    OrderRow,
    PaymentRow,
    ReferralRow,
    TeamRow,
    WitnessRow,
)

_CHANGED_BEFORE = "这一项刚刚被别人改动过，请刷新后再操作。"


class CaseworkRepository(Deadlines):
    """The tables that hang on a case."""

    # ---- reading

    def get_record(self, case_id: int) -> CaseRecord:
        """Everything of a case's life, oldest first."""
        return CaseRecord(
            details=self.get_details(case_id),
            orders=self.list_orders(case_id),
            payments=[_load_payment(row) for row in self._of_case(PaymentRow, case_id)],
            witnesses=[
                Witness(case_id, WitnessKind(row["kind"]), row["by"], row["at"], row["note"])
                for row in self._of_case(WitnessRow, case_id)
            ],
            referrals=[_load_referral(row) for row in self._of_case(ReferralRow, case_id)],
            offers=[_load_offer(row) for row in self._of_case(OfferRow, case_id)],
            merges=self.list_merges(case_id),
            clocks=self.list_clocks(case_id),
            team=list(
                self._db.scalars(
                    select(TeamRow.person).where(TeamRow.case_id == case_id).order_by(TeamRow.at)
                )
            ),
        )

    def _of_case(self, table: Any, case_id: int) -> Sequence[RowMapping]:
        return (
            self._db.execute(
                select(table.__table__).where(table.case_id == case_id).order_by(table.id)
            )
            .mappings()
            .all()
        )

    def get_details(self, case_id: int) -> CaseDetails:
        """The details; an empty record where none was written yet."""
        row = (
            self._db.execute(
                select(CaseDetailsRow.__table__).where(CaseDetailsRow.case_id == case_id)
            )
            .mappings()
            .first()
        )
        if row is None:
            return CaseDetails(case_id)
        return _load_details(row)

    def list_orders(self, case_id: int) -> list[Order]:
        """The orders of a case."""
        return [_load_order(row) for row in self._of_case(OrderRow, case_id)]

    def list_merges(self, case_id: int) -> list[Merge]:
        """What was put into a case, and where the case itself was put."""
        rows = self._db.execute(
            select(MergeRow.__table__)
            .where((MergeRow.into_case == case_id) | (MergeRow.from_case == case_id))
            .order_by(MergeRow.id)
        ).mappings()
        return [
            Merge(
                row["from_case"],
                row["into_case"],
                row["by"],
                row["at"],
                row["reason"],
                tuple(row["documents"]),
            )
            for row in rows
        ]

    # ---- details

    def save_details(self, details: CaseDetails, case_version: int) -> None:
        """Write the details of a case, whether or not there were any."""
        values = {
            name: getattr(details, name) for name in CaseDetails.__slots__ if name != "case_id"
        } | {"large_reasons": [*details.large_reasons], "case_version": case_version}
        changed = self._db.execute(
            update(CaseDetailsRow).where(CaseDetailsRow.case_id == details.case_id).values(**values)
        )
        if changed.rowcount == 0:
            self._db.execute(insert(CaseDetailsRow).values(case_id=details.case_id, **values))

    def note_reopened(self, case_id: int, now: datetime) -> None:
        """Remember that a case was opened again: what was witnessed before counts no more.

        Writes the details with version 0, so that the register step takes the rest anew.
        """
        details = self.get_details(case_id)
        self.save_details(replace(details, reopened_at=now, reopens=details.reopens + 1), 0)

    def get_details_of(self, case_ids: Sequence[int]) -> dict[int, CaseDetails]:
        """The details of several cases; those without any are left out."""
        rows = self._db.execute(
            select(CaseDetailsRow.__table__).where(CaseDetailsRow.case_id.in_(case_ids))
        ).mappings()
        return {row["case_id"]: _load_details(row) for row in rows}

    def sum_payments(self, case_ids: Sequence[int]) -> dict[int, tuple[int, float]]:
        """For each of these cases how many were paid and how much, in payments that stand."""
        rows = self._db.execute(
            select(
                PaymentRow.case_id, func.sum(PaymentRow.workers), func.sum(PaymentRow.amount_yuan)
            )
            .where(PaymentRow.case_id.in_(case_ids), PaymentRow.voided_by.is_(None))
            .group_by(PaymentRow.case_id)
        )
        return {case_id: (workers, yuan) for case_id, workers, yuan in rows}

    def list_order_numbers(self, case_ids: Sequence[int]) -> dict[int, str]:
        """For each of these cases the numbers of its orders, in one line."""
        found: dict[int, list[str]] = {}
        for case_id, number in self._db.execute(
            select(OrderRow.case_id, OrderRow.number)
            .where(OrderRow.case_id.in_(case_ids))
            .order_by(OrderRow.id)
        ):
            found.setdefault(case_id, []).append(number)
        return {case_id: "、".join(numbers) for case_id, numbers in found.items()}

    # ---- orders and payments

    def add_order(self, case_id: int, new: NewOrder, by: str) -> None:
        """Write an order."""
        self._db.execute(
            insert(OrderRow).values(
                case_id=case_id,
                number=new.number,
                addressee=new.addressee,
                ordered_on=new.ordered_on,
                pay_by=new.pay_by,
                amount_yuan=new.amount_yuan,
                workers=new.workers,
                made_by=by,
                proof="",
            )
        )

    def deliver_order(
        self, case_id: int, order_id: int, *, on: date, way: DeliveryWay, proof: str
    ) -> None:
        """Write the proof of delivery, once.

        Raises:
            NotFoundError: The case has no such order.
            IllegalStepError: It is proved already.
        """
        self._change(
            OrderRow,
            case_id,
            order_id,
            OrderRow.delivered_on.is_(None),
            delivered_on=on,
            way=way.value,
            proof=proof,
        )

    def add_payment(self, case_id: int, new: NewPayment, by: str, now: datetime) -> None:
        """Write a payment."""
        self._db.execute(
            insert(PaymentRow).values(
                case_id=case_id,
                paid_on=new.paid_on,
                workers=new.workers,
                amount_yuan=new.amount_yuan,
                whose=new.whose.value,
                proof=new.proof,
                recorded_by=by,
                recorded_at=now,
                void_reason="",
            )
        )

    def void_payment(self, case_id: int, payment_id: int, by: str, reason: str) -> None:
        """Strike a payment out, once.

        Raises:
            NotFoundError: The case has no such payment.
            IllegalStepError: It is struck out already.
        """
        self._change(
            PaymentRow,
            case_id,
            payment_id,
            PaymentRow.voided_by.is_(None),
            voided_by=by,
            void_reason=reason,
        )

    def _change(self, table: Any, case_id: int, row_id: int, still: Any, **values: object) -> None:
        changed = self._db.execute(
            update(table)
            .where(table.id == row_id, table.case_id == case_id, still)
            .values(**values)
        )
        if changed.rowcount == 1:
            return
        found = self._db.scalar(
            select(table.id).where(table.id == row_id, table.case_id == case_id)
        )
        if found is None:
            raise NotFoundError
        raise IllegalStepError(_CHANGED_BEFORE)

    def add_witness(self, witness: Witness) -> None:
        """Write a second witness."""
        self._db.execute(
            insert(WitnessRow).values(
                case_id=witness.case_id,
                kind=witness.kind.value,
                by=witness.by,
                at=witness.at,
                note=witness.note,
            )
        )

    # ---- referrals

    def add_referral(
        self, case_id: int, body: ReferralBody, *, reason: str, by: str, now: datetime
    ) -> None:
        """Write a referral."""
        self._db.execute(
            insert(ReferralRow).values(
                case_id=case_id,
                body=body.value,
                reason=reason,
                by=by,
                at=now,
                letter="",
                receipt="",
                result_note="",
            )
        )

    def note_referral(self, case_id: int, referral_id: int, **values: object) -> None:
        """Write a notice, a receipt or a result on a referral.

        Raises:
            NotFoundError: The case has no such referral.
        """
        self._change(ReferralRow, case_id, referral_id, ReferralRow.id > 0, **values)

    # ---- handing on

    def add_offer(
        self,
        case_id: int,
        *,
        from_person: str | None,
        to_person: str,
        by: str,
        reason: str,
        now: datetime,
    ) -> None:
        """Write an offer.

        Raises:
            IllegalStepError: Another one waits for its answer.
        """
        waiting = self._db.scalar(
            select(OfferRow.id).where(OfferRow.case_id == case_id, OfferRow.answer.is_(None))
        )
        if waiting is not None:
            raise IllegalStepError("已经有一个移交在等对方接收，先撤回它。")
        self._db.execute(
            insert(OfferRow).values(
                case_id=case_id,
                from_person=from_person,
                to_person=to_person,
                by=by,
                reason=reason,
                at=now,
            )
        )

    def answer_offer(self, case_id: int, offer_id: int, answer: OfferAnswer, now: datetime) -> None:
        """End an offer, once.

        Raises:
            NotFoundError: The case has no such offer.
            IllegalStepError: It has ended already.
        """
        self._change(
            OfferRow,
            case_id,
            offer_id,
            OfferRow.answer.is_(None),
            answer=answer.value,
            answered_at=now,
        )

    def withdraw_offers(self, case_id: int, now: datetime) -> None:
        """End what waits, because the case has gone on without it."""
        self._db.execute(
            update(OfferRow)
            .where(OfferRow.case_id == case_id, OfferRow.answer.is_(None))
            .values(answer=OfferAnswer.WITHDRAWN.value, answered_at=now)
        )

    def list_offers_to(self, person: str) -> list[Offer]:
        """The offers that wait for this person."""
        rows = self._db.execute(
            select(OfferRow.__table__)
            .where(OfferRow.to_person == person, OfferRow.answer.is_(None))
            .order_by(OfferRow.id)
        ).mappings()
        return [_load_offer(row) for row in rows]

    # ---- merging, the team

    def add_merge(self, merge: Merge) -> None:
        """Remember what was put where."""
        self._db.execute(
            insert(MergeRow).values(
                from_case=merge.from_case,
                into_case=merge.into_case,
                by=merge.by,
                at=merge.at,
                reason=merge.reason,
                documents=[*merge.documents],
            )
        )

    def set_team(self, case_id: int, people: Sequence[str], by: str, now: datetime) -> None:
        """Replace the team of a case."""
        self._db.execute(delete(TeamRow).where(TeamRow.case_id == case_id))
        if people:
            self._db.execute(
                insert(TeamRow),
                [
                    {"case_id": case_id, "person": each, "added_by": by, "at": now}
                    for each in people
                ],
            )


# ---------------------------------------------------------------- rows to nouns


def _load_details(row: RowMapping) -> CaseDetails:
    values = {name: value for name, value in row.items() if name != "case_version"}
    return CaseDetails(**values | {"large_reasons": tuple(row["large_reasons"])})


def _load_order(row: RowMapping) -> Order:
    values = {("order_id" if name == "id" else name): value for name, value in row.items()}
    return Order(**values | {"way": DeliveryWay(row["way"]) if row["way"] else None})


def _load_payment(row: RowMapping) -> Payment:
    return Payment(
        row["id"],
        row["case_id"],
        NewPayment(
            row["paid_on"],
            row["workers"],
            row["amount_yuan"],
            WhoseMoney(row["whose"]),
            row["proof"],
        ),
        row["recorded_by"],
        row["recorded_at"],
        row["voided_by"],
        row["void_reason"],
    )


def _load_referral(row: RowMapping) -> Referral:
    values = {("referral_id" if name == "id" else name): value for name, value in row.items()}
    return Referral(
        **values
        | {
            "body": ReferralBody(row["body"]),
            "result": ReferralResult(row["result"]) if row["result"] else None,
        }
    )


def _load_offer(row: RowMapping) -> Offer:
    return Offer(
        row["id"],
        row["case_id"],
        row["from_person"],
        row["to_person"],
        row["by"],
        row["reason"],
        row["at"],
        OfferAnswer(row["answer"]) if row["answer"] else None,
    )
