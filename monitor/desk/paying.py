"""Orders, payments, witnesses, striking off: until the money is paid."""

from datetime import date

from monitor.casework import (
    DeliveryWay,
    NewOrder,
    NewPayment,
    Witness,
    WitnessKind,
)
from monitor.desk.acts import Act, CaseActs
from monitor.domain import (
    Case,
    CaseState,
    CaseStep,
)
from monitor.errors import IllegalStepError, InputError
from monitor.steps import (
    check_owner,
    check_second_officer,
    check_step,
    check_witness_time,
    find_closing_needs,
)
from monitor.storage.repositories import Rows


class Paying(CaseActs):
    """From the order to the closing."""

    def order(self, act: Act, new: NewOrder) -> None:
        """Write an order to pay."""

        def write(rows: Rows, case: Case) -> None:
            rows.casework.add_order(case.case_id, new, act.person.username)

        self._step(act, CaseStep.ORDER, f"{new.number}，限 {new.pay_by} 前支付", do=write)

    def prove_delivery(
        self, act: Act, order_id: int, *, on: date, way: DeliveryWay, proof: str
    ) -> None:
        """Write how an order reached whoever must pay."""
        with self._change(act, "delivered", proof) as (rows, case):
            check_owner(case, act.person)
            order = next(
                (e for e in rows.casework.list_orders(case.case_id) if e.order_id == order_id), None
            )
            if order is not None and on < order.ordered_on:
                raise InputError("送达日期早于文书日期，请核对。")
            rows.casework.deliver_order(case.case_id, order_id, on=on, way=way, proof=proof)

    def pay(self, act: Act, new: NewPayment, *, in_full: bool) -> None:
        """Write a payment; with `in_full` the case becomes paid, else it stays where it is."""
        note = f"{new.workers} 人，{new.amount_yuan:,.2f} 元，{new.proof}"

        def write(rows: Rows, case: Case) -> None:
            rows.casework.add_payment(case.case_id, new, act.person.username, act.now)

        if in_full:
            self._step(act, CaseStep.RECORD_PAID, note, do=write)
            return
        with self._change(act, "part_paid", note) as (rows, case):
            check_step(case, CaseStep.RECORD_PAID, act.person)
            write(rows, case)

    def void_payment(self, act: Act, payment_id: int, reason: str) -> None:
        """Strike a payment out that was entered wrongly; it stays to be seen."""
        with self._change(act, "payment_voided", reason) as (rows, case):
            check_owner(case, act.person)
            if case.state in {CaseState.CLOSED, CaseState.MERGED}:
                raise IllegalStepError("已销号的线索要先重新打开。")
            rows.casework.void_payment(case.case_id, payment_id, act.person.username, reason)

    def witness_workers(self, act: Act, note: str) -> None:
        """Write that the workers themselves said that the money came; names nobody."""
        with self._change(act, "workers_word", note) as (rows, case):
            check_witness_time(case, act.person)
            check_owner(case, act.person)
            rows.casework.add_witness(
                Witness(case.case_id, WitnessKind.WORKERS_WORD, act.person.username, act.now, note)
            )

    def witness_second(self, act: Act, note: str) -> None:
        """Write that a second officer, who is another person, has checked the proof."""
        with self._change(act, "second_officer", note) as (rows, case):
            check_second_officer(case, rows.casework.get_record(case.case_id), act.person)
            rows.casework.add_witness(
                Witness(
                    case.case_id, WitnessKind.SECOND_OFFICER, act.person.username, act.now, note
                )
            )

    def close(self, act: Act, note: str = "") -> None:
        """Strike the case off; both witnesses must be there."""

        def check(rows: Rows, case: Case) -> None:
            needs = find_closing_needs(rows.casework.get_record(case.case_id))
            if not needs.is_complete:
                raise IllegalStepError(needs.lacking[0])
            rows.casework.withdraw_offers(case.case_id, act.now)

        self._step(act, CaseStep.CLOSE, note, do=check)
