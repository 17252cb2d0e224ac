"""A party's class and the visits that follow from it; which case is large. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from monitor.casework import PartyClass, PartyHistory
from monitor.domain import Case


@dataclass(frozen=True, slots=True)
class ClassRules:
    """From when a party is in class B or C; the look-back in days. A bureau sets these."""

    look_back_days: int = 365
    b_cases: int = 1
    b_public_money: bool = True
    c_cases: int = 3
    c_open_cases: int = 2
    c_open_amount_yuan: float = 500_000.0
    c_open_workers: int = 30
    c_reopened: int = 1
    c_overdue_orders: int = 1
    visit_days: tuple[int, int, int] = (30, 7, 1)


def classify(history: PartyHistory, rules: ClassRules) -> tuple[PartyClass, tuple[str, ...]]:
    """Say in which class a party is, and by which rules; the reasons of the higher class only."""
    c_reasons = [
        f"{rules.look_back_days} 天内 {history.cases} 件欠薪线索（达到 {rules.c_cases} 件）"
        if history.cases >= rules.c_cases
        else "",
        f"{history.open_cases} 件尚未销号（达到 {rules.c_open_cases} 件）"
        if history.open_cases >= rules.c_open_cases
        else "",
        f"尚欠 {history.open_amount_yuan:,.0f} 元（达到 {rules.c_open_amount_yuan:,.0f} 元）"
        if history.open_amount_yuan >= rules.c_open_amount_yuan
        else "",
        f"涉及 {history.open_workers} 人（达到 {rules.c_open_workers} 人）"
        if history.open_workers >= rules.c_open_workers
        else "",
        f"{history.reopened} 件支付后又重新打开" if history.reopened >= rules.c_reopened else "",
        f"{history.overdue_orders} 份责令支付文书到期未履行"
        if history.overdue_orders >= rules.c_overdue_orders
        else "",
        "有线索反映单位负责人失联" if history.fled else "",
    ]
    if found := tuple(each for each in c_reasons if each):
        return PartyClass.C, found
    b_reasons = [
        f"{rules.look_back_days} 天内 {history.cases} 件欠薪线索（达到 {rules.b_cases} 件）"
        if history.cases >= rules.b_cases
        else "",
        "使用政府或国有资金" if rules.b_public_money and history.public_money else "",
    ]
    if found := tuple(each for each in b_reasons if each):
        return PartyClass.B, found
    return PartyClass.A, (f"{rules.look_back_days} 天内没有欠薪线索",)


def next_visit_on(party_class: PartyClass, last_on: date, rules: ClassRules) -> date:
    """When a party of this class is visited next: A monthly, B weekly, C daily, by its own."""
    days = rules.visit_days[("A", "B", "C").index(party_class.value)]
    return last_on + timedelta(days=days)


# ---------------------------------------------------------------- large cases


@dataclass(frozen=True, slots=True)
class LargeRules:
    """From how many people or which sum a case gets a team and a listed deadline."""

    workers: int = 30
    amount_yuan: float = 1_000_000.0


def find_large_reasons(case: Case, rules: LargeRules) -> tuple[str, ...]:
    """Say why a case is large; empty for an ordinary one."""
    reasons = []
    if case.workers is not None and case.workers >= rules.workers:
        reasons.append(f"涉及 {case.workers} 人（达到 {rules.workers} 人）")
    if case.amount_yuan is not None and case.amount_yuan >= rules.amount_yuan:
        reasons.append(f"欠薪 {case.amount_yuan:,.0f} 元（达到 {rules.amount_yuan:,.0f} 元）")
    return tuple(reasons)
