"""Lets the people of a county work for a while, so that pictures show cases in every state.

Everything goes through the desk's own acts, as the forms of the pages would do it.
"""

from datetime import datetime, timedelta

from monitor.bootstrap.app import App
from monitor.bootstrap.desk import make_ledger_office
from monitor.casework import DeliveryWay, NewOrder, NewPayment, PartyCard, PartyPart, WhoseMoney
from monitor.clocks import day_of
from monitor.desk.acts import Act
from monitor.domain import OPEN_STATES, Case, CaseState, Person, ReferralBody, Role
from monitor.storage.case_lists import CaseQuery

ADMINISTRATOR = "guan"
_SECTORS = ("建筑", "市政", "装修", "餐饮", "制造")


class CountyLife:
    """Three people and what they do on one day."""

    def __init__(self, app: App, now: datetime) -> None:
        """Let them in; `now` is the instant of every act."""
        self._app = app
        self._now = now
        self._work = make_ledger_office(app).casework
        with app.storage.work() as rows:
            rows.users.add(Person(ADMINISTRATOR, "关管理", Role.ADMINISTRATOR), None, now)
            rows.users.add(Person("fuhe", "傅复核", Role.REVIEWER), None, now)
            people = {each.username: each for each in rows.users.list_all()}
        self.officer, self.leader = people["zheng"], people["han"]
        self.reviewer = people["fuhe"]

    def live(self) -> dict[str, int]:
        """Bring one case into each state; return the names of the states with a case's number."""
        cases = self._list_open()
        shown: dict[str, int] = {"case-new": cases[0].case_id}
        for step in (self._accept, self._order, self._pay, self._close, self._refer, self._drop):
            case = cases.pop()
            shown[f"case-{step.__name__.strip('_')}"] = case.case_id
            step(case.case_id)
        for case in cases[len(cases) // 2 :]:
            self._accept(case.case_id)
        self._write_cards()
        return shown

    def _list_open(self) -> list[Case]:
        with self._app.storage.look() as rows:
            found = rows.case_lists.list_page(
                CaseQuery(states=tuple(OPEN_STATES)), offset=0, limit=60
            )
        named = [each for each in found if each.employer and each.state is CaseState.NEW]
        return sorted(named, key=lambda each: (-each.level, each.case_id))[:30]

    def _act(self, case_id: int, person: Person) -> Act:
        with self._app.storage.look() as rows:
            version = rows.cases.get(case_id).version
        return Act(case_id, person, version, self._now)

    def _accept(self, case_id: int) -> None:
        self._work.accept(self._act(case_id, self.officer))

    def _order(self, case_id: int) -> None:
        self._accept(case_id)
        today = day_of(self._now)
        with self._app.storage.look() as rows:
            case = rows.cases.get(case_id)
        self._work.order(
            self._act(case_id, self.officer),
            NewOrder(
                number=f"人社监令〔{today.year}〕{case_id} 号",
                addressee=case.employer or "用人单位",
                ordered_on=today,
                pay_by=today + timedelta(days=7),
                amount_yuan=case.amount_yuan,
                workers=case.workers,
            ),
        )
        with self._app.storage.look() as rows:
            (order,) = rows.casework.list_orders(case_id)
        self._work.prove_delivery(
            self._act(case_id, self.officer),
            order.order_id,
            on=today,
            way=DeliveryWay.IN_PERSON,
            proof=f"送达回证 {case_id}",
        )

    def _pay(self, case_id: int) -> None:
        self._order(case_id)
        with self._app.storage.look() as rows:
            case = rows.cases.get(case_id)
        self._work.pay(
            self._act(case_id, self.officer),
            NewPayment(
                day_of(self._now),
                case.workers or 3,
                case.amount_yuan or 60_000.0,
                WhoseMoney.GENERAL_CONTRACTOR,
                f"银行回单 {case_id}",
            ),
            in_full=True,
        )

    def _close(self, case_id: int) -> None:
        self._pay(case_id)
        self._work.witness_second(self._act(case_id, self.reviewer), "回单与名册一致")
        self._work.close(self._act(case_id, self.officer), "")

    def _refer(self, case_id: int) -> None:
        self._work.refer(
            self._act(case_id, self.officer),
            ReferralBody.HOUSING_AND_CONSTRUCTION,
            "项目由住建部门主管",
        )

    def _drop(self, case_id: int) -> None:
        self._work.not_a_claim(self._act(case_id, self.officer), "是材料款，不是工资")

    def _write_cards(self) -> None:
        """Write who is responsible for the first parties."""
        parties = make_ledger_office(self._app).parties
        with self._app.storage.look() as rows:
            known = rows.parties.get_many(range(1, 12))
        for number, party in known.items():
            card = PartyCard(
                sector=party.card.sector or _SECTORS[number % len(_SECTORS)],
                town=party.card.town,
                public_money=party.card.public_money,
                part=(PartyPart.SUBCONTRACTOR, PartyPart.GENERAL_CONTRACTOR)[number % 2],
                local_leader="林副镇长",
                sector_officer="住建局 何工",
                inspector="zheng",
            )
            parties.save_card(party.party_id, card, self.officer, self._now)
