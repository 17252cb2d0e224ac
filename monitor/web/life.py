"""The forms of a case after its first minute: order, payment, witnesses, handing on, merging."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from litestar import Response, post
from litestar.params import URLEncodedBody

from monitor.casework import (
    DeliveryWay,
    NewOrder,
    NewPayment,
    OfferAnswer,
    ReferralResult,
    WhoseMoney,
)
from monitor.clocks import day_of
from monitor.desk.acts import Act
from monitor.desk.casework import Casework
from monitor.domain import CaseFacts, UrgencyLevel
from monitor.errors import InputError, mark
from monitor.web.pages import CaseNumber, RowNumber
from monitor.web.reading_forms import FormReader, checked_version
from monitor.web.visit import Here, Visit

MOST_DOCUMENTS = 1_000
LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class LifeForm:
    """What any of these forms may send; each reads its own fields, all others stay empty."""

    version: int
    number: str = ""
    addressee: str = ""
    on: str = ""
    until: str = ""
    amount: str = ""
    workers: str = ""
    way: str = ""
    proof: str = ""
    whose: str = ""
    in_full: str = ""
    reason: str = ""
    to: str = ""
    answer: str = ""
    employer: str = ""
    project: str = ""
    place: str = ""
    told_on: str = ""
    received_on: str = ""
    result: str = ""
    asker_on: str = ""
    people: list[str] | str = field(default_factory=list)
    documents: list[str] | str = field(default_factory=list)


Life = URLEncodedBody[LifeForm]


@dataclass(frozen=True, slots=True)
class Doing:
    """An act that is being read from a form."""

    act: Act
    read: FormReader
    work: Casework
    today: date


def begin(visit: Visit, case_id: int, data: LifeForm) -> Doing:
    """Read what every form has in common."""
    act = Act(case_id, visit.person, checked_version(data.version), visit.now)
    return Doing(act, FormReader(visit.language), visit.office.casework, day_of(visit.now))


def back(visit: Visit, case_id: int, done: str) -> Response[Any]:
    """Send the browser back to the case."""
    return visit.redirect(f"/cases/{case_id}?done={done}")


@post("/cases/{case_id:int}/order", sync_to_thread=True)
def order(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Order whoever must pay to pay."""
    doing = begin(visit, case_id, data)
    ordered_on = doing.read.day(mark("文书日期"), data.on, not_after=doing.today)
    pay_by = doing.read.day(mark("支付期限"), data.until)
    if pay_by < ordered_on:
        raise InputError(visit.language.gettext("支付期限早于文书日期，请核对。"))
    doing.work.order(
        doing.act,
        NewOrder(
            number=doing.read.text(mark("文书号"), data.number, longest=80, needed=True),
            addressee=doing.read.text(mark("责令对象"), data.addressee, needed=True),
            ordered_on=ordered_on,
            pay_by=pay_by,
            amount_yuan=doing.read.maybe_yuan(mark("金额"), data.amount),
            workers=doing.read.maybe_count(mark("人数"), data.workers),
        ),
    )
    return back(visit, case_id, "ordered")


@post("/cases/{case_id:int}/orders/{row_id:int}/delivered", sync_to_thread=True)
def prove_delivery(
    visit: Here, case_id: CaseNumber, row_id: RowNumber, data: Life
) -> Response[Any]:
    """Write the proof of an order's delivery."""
    doing = begin(visit, case_id, data)
    doing.work.prove_delivery(
        doing.act,
        row_id,
        on=doing.read.day(mark("送达日期"), data.on, not_after=doing.today),
        way=doing.read.choice(mark("送达方式"), DeliveryWay, data.way),
        proof=doing.read.proof(mark("送达凭证"), data.proof),
    )
    return back(visit, case_id, "delivered")


@post("/cases/{case_id:int}/pay", sync_to_thread=True)
def pay(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Write a payment."""
    doing = begin(visit, case_id, data)
    new = NewPayment(
        paid_on=doing.read.day(mark("支付日期"), data.on, not_after=doing.today),
        workers=doing.read.count(mark("人数"), data.workers),
        amount_yuan=doing.read.yuan(mark("金额"), data.amount),
        whose=doing.read.choice(mark("资金来源"), WhoseMoney, data.whose),
        proof=doing.read.proof(mark("支付凭证"), data.proof),
    )
    doing.work.pay(doing.act, new, in_full=bool(data.in_full))
    return back(visit, case_id, "paid" if data.in_full else "part_paid")


@post("/cases/{case_id:int}/payments/{row_id:int}/void", sync_to_thread=True)
def void_payment(visit: Here, case_id: CaseNumber, row_id: RowNumber, data: Life) -> Response[Any]:
    """Strike out a payment that was entered wrongly."""
    doing = begin(visit, case_id, data)
    doing.work.void_payment(doing.act, row_id, doing.read.note(mark("作废理由"), data.reason))
    return back(visit, case_id, "voided")


@post("/cases/{case_id:int}/witness-workers", sync_to_thread=True)
def witness_workers(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Write the workers' word."""
    doing = begin(visit, case_id, data)
    doing.work.witness_workers(doing.act, doing.read.note(mark("回访方式和结果"), data.reason))
    return back(visit, case_id, "witnessed")


@post("/cases/{case_id:int}/witness-second", sync_to_thread=True)
def witness_second(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Confirm as the second officer."""
    doing = begin(visit, case_id, data)
    doing.work.witness_second(doing.act, doing.read.note(mark("复核意见"), data.reason))
    return back(visit, case_id, "witnessed")


@post("/cases/{case_id:int}/close", sync_to_thread=True)
def close(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Strike the case off."""
    doing = begin(visit, case_id, data)
    doing.work.close(doing.act, doing.read.note(mark("备注"), data.reason, needed=False))
    return back(visit, case_id, "closed")


@post("/cases/{case_id:int}/reopen", sync_to_thread=True)
def reopen(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Open a case again that was put down."""
    doing = begin(visit, case_id, data)
    doing.work.reopen(doing.act, doing.read.note(mark("重新打开的理由"), data.reason))
    return back(visit, case_id, "reopened")


@post("/cases/{case_id:int}/referrals/{row_id:int}", sync_to_thread=True)
def note_referral(visit: Here, case_id: CaseNumber, row_id: RowNumber, data: Life) -> Response[Any]:
    """Write a notice, the receipt or the result of a referral; empty fields change nothing."""
    doing = begin(visit, case_id, data)
    read, today = doing.read, doing.today
    result = read.choice(mark("转办结果"), ReferralResult, data.result) if data.result else None
    noted = {
        "letter": read.text(mark("转办函号"), data.number, longest=80, needed=False),
        "body_told_on": read.maybe_day(mark("告知承接单位日期"), data.told_on, not_after=today),
        "received_on": read.maybe_day(mark("回执日期"), data.received_on, not_after=today),
        "receipt": read.proof(mark("回执"), data.proof, needed=False),
        "result": result,
        "result_on": today if result else None,
        "result_note": read.note(mark("结果说明"), data.reason, needed=result is not None),
        "asker_told_on": read.maybe_day(mark("公开答复日期"), data.asker_on, not_after=today),
    }
    kept = {name: value for name, value in noted.items() if value}
    if not kept:
        raise InputError(visit.language.gettext("请至少填写一项。"))
    doing.work.note_referral(doing.act, row_id, **kept)
    return back(visit, case_id, "referral_noted")


@post("/cases/{case_id:int}/offer", sync_to_thread=True)
def offer(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Ask another to take the case over."""
    doing = begin(visit, case_id, data)
    to = doing.read.text(mark("移交给"), data.to, longest=80, needed=True)
    doing.work.offer(doing.act, to, doing.read.note(mark("移交理由"), data.reason))
    return back(visit, case_id, "offered")


@post("/cases/{case_id:int}/offers/{row_id:int}", sync_to_thread=True)
def answer_offer(visit: Here, case_id: CaseNumber, row_id: RowNumber, data: Life) -> Response[Any]:
    """Accept, decline or take back an offer."""
    doing = begin(visit, case_id, data)
    answer = doing.read.choice(mark("答复"), OfferAnswer, data.answer)
    note = doing.read.note(mark("退回理由"), data.reason, needed=answer is OfferAnswer.DECLINED)
    doing.work.answer_offer(doing.act, row_id, answer, note)
    return back(visit, case_id, f"offer_{answer.value}")


@post("/cases/{case_id:int}/correct", sync_to_thread=True)
def correct(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Write what has been verified."""
    doing = begin(visit, case_id, data)
    facts = CaseFacts(
        level=UrgencyLevel.ROUTINE,  # kept as it was: a correction of facts is no new reading
        points=0,
        reasons=(),
        employer=doing.read.text(mark("用人单位"), data.employer, needed=False) or None,
        project=doing.read.text(mark("项目"), data.project, needed=False) or None,
        place=doing.read.text(mark("地点"), data.place, needed=False) or None,
        workers=doing.read.maybe_count(mark("人数"), data.workers),
        amount_yuan=doing.read.maybe_yuan(mark("金额"), data.amount),
    )
    doing.work.correct(doing.act, facts, doing.read.note(mark("核实依据"), data.reason))
    return back(visit, case_id, "corrected")


@post("/cases/{case_id:int}/merge", sync_to_thread=True)
def merge(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Put this case's documents into another case."""
    doing = begin(visit, case_id, data)
    number = doing.read.text(mark("并入的线索编号"), data.number, longest=20, needed=True)
    into = doing.work.merge(doing.act, number, doing.read.note(mark("并入理由"), data.reason))
    return back(visit, into, "merged")


@post("/cases/{case_id:int}/split", sync_to_thread=True)
def split(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Open a case of its own from some of the documents."""
    doing = begin(visit, case_id, data)
    written = as_list(data.documents)
    numbers = [int(each) for each in written if is_number(each)]
    if len(numbers) != len(written) or len(numbers) > MOST_DOCUMENTS:
        raise InputError(visit.language.gettext("请从列表中选择消息。"))
    opened = doing.work.split(doing.act, numbers, doing.read.note(mark("拆出理由"), data.reason))
    return back(visit, opened, "split")


@post("/cases/{case_id:int}/team", sync_to_thread=True)
def set_team(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Give a large case a team and a listed deadline."""
    doing = begin(visit, case_id, data)
    people = [
        doing.read.text(mark("专班成员"), each, longest=80, needed=True)
        for each in as_list(data.people)
    ]
    until = doing.read.maybe_day(mark("挂牌期限"), data.until)
    doing.work.set_team(doing.act, sorted(set(people)), until)
    return back(visit, case_id, "team_set")


@post("/cases/{case_id:int}/extend", sync_to_thread=True)
def extend(visit: Here, case_id: CaseNumber, data: Life) -> Response[Any]:
    """Approve more working days for the investigation."""
    doing = begin(visit, case_id, data)
    doing.work.extend(doing.act, doing.read.note(mark("延长理由"), data.reason))
    return back(visit, case_id, "extended")


def is_number(text: str) -> bool:
    """Say whether a text is a row's number that a database can hold."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def as_list(written: list[str] | str) -> list[str]:
    """One box that was ticked comes as a text, several as a list."""
    return [written] if isinstance(written, str) and written else list(written)


LIFE = [
    order,
    prove_delivery,
    pay,
    void_payment,
    witness_workers,
    witness_second,
    close,
    reopen,
    note_referral,
    offer,
    answer_offer,
    correct,
    merge,
    split,
    set_team,
    extend,
]
