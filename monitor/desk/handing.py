"""Handing a case on, verifying it, merging, splitting, the team of a large one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from monitor.cases import ACTING_ROLES, merge_facts, read_case_facts
from monitor.casework import (
    Merge,
    OfferAnswer,
)
from monitor.desk.acts import Act, CaseActs, check_version
from monitor.desk.registering import register_case
from monitor.domain import (
    SHANGHAI,
    AlertReason,
    Assessment,
    Case,
    CaseEvent,
    CaseFacts,
    CaseState,
    CaseStep,
    LikelyCase,
    Person,
    Role,
)
from monitor.errors import IllegalStepError, InputError, NotAllowedError
from monitor.steps import (
    check_owner,
)
from monitor.storage.repositories import Rows


class Handing(CaseActs):
    """Who does it, and what belongs to it."""

    def offer(self, act: Act, to_person: str, reason: str) -> None:
        """Ask another to take the case over; the owner stays until the other accepts."""
        with self._change(act, "offered", f"{to_person}：{reason}") as (rows, case):
            check_owner(case, act.person)
            if case.state in {CaseState.CLOSED, CaseState.MERGED, CaseState.NOT_A_CLAIM}:
                raise IllegalStepError("已经办结的线索不用移交。")
            other = rows.users.find(to_person)
            if other is None or other.disabled or other.role not in ACTING_ROLES:
                raise InputError("对方不存在、已停用或只能查看，不能接收线索。")
            if to_person == case.owner:
                raise InputError("这条线索已经由对方承办。")
            rows.casework.add_offer(
                case.case_id,
                from_person=case.owner,
                to_person=to_person,
                by=act.person.username,
                reason=reason,
                now=act.now,
            )

    def answer_offer(self, act: Act, offer_id: int, answer: OfferAnswer, note: str = "") -> None:
        """Accept, decline or take back an offer; only accepting changes the owner."""
        with self._storage.work() as rows:
            case = rows.cases.take(act.case_id)
            record = rows.casework.get_record(act.case_id)
            offer = next((each for each in record.offers if each.offer_id == offer_id), None)
            if offer is None or offer.answer is not None:
                raise IllegalStepError("这个移交已经有了结果。")
            is_theirs = offer.to_person == act.person.username
            if answer is OfferAnswer.WITHDRAWN:
                check_owner(case, act.person)
            elif not is_theirs or act.person.role not in ACTING_ROLES:
                raise NotAllowedError("只有被请的人可以接收或退回。")
            check_version(case, act)
            rows.casework.answer_offer(act.case_id, offer_id, answer, act.now)
            owner = act.person.username if answer is OfferAnswer.ACCEPTED else case.owner
            changed = rows.cases.change_state(
                act.case_id,
                expected_version=act.version,
                state=case.state,
                now=act.now,
                owner=owner,
                referred_to=case.referred_to,
            )
            self._after(rows, changed, act, f"offer_{answer.value}", note)

    def correct(self, act: Act, facts: CaseFacts, reason: str) -> None:
        """Write what the officer has verified: names, place, workers, sum."""
        with self._storage.work() as rows:
            case = rows.cases.take(act.case_id)
            check_owner(case, act.person)
            if case.state in {CaseState.CLOSED, CaseState.MERGED}:
                raise IllegalStepError("已销号的线索要先重新打开。")
            kept = replace(
                facts,
                level=case.level,
                points=case.points,
                reasons=case.reasons,
                danger_to_life=case.danger_to_life,
            )
            changed = rows.cases.correct(
                act.case_id, self._with_keys(kept), expected_version=act.version, now=act.now
            )
            self._after(rows, changed, act, "corrected", tell_changes(case, changed, reason))

    def merge(self, act: Act, into_number: str, reason: str) -> int:
        """Put this case's documents into another open case; return the other's id."""
        found: list[int] = []

        def move(rows: Rows, case: Case) -> None:
            into = rows.cases.find_id(into_number)
            if into is None:
                raise InputError("没有编号为 %(number)s 的线索。", number=into_number)
            target = rows.cases.get(into)
            if into == case.case_id or target.state in {CaseState.MERGED, CaseState.CLOSED}:
                raise IllegalStepError("不能并入这条线索：它就是本条、已销号或已并入别处。")
            self._move_all(rows, case, target, act, reason)
            found.append(into)

        self._step(act, CaseStep.MERGE, f"{into_number}：{reason}", do=move)
        return found[0]

    def _move_all(self, rows: Rows, case: Case, target: Case, act: Act, reason: str) -> None:
        by, into = act.person.username, target.case_id
        documents = rows.cases.list_document_ids(case.case_id)
        if documents:
            rows.cases.move_documents(documents, case.case_id, into, "merged_in", act.now)
        rows.casework.add_merge(Merge(case.case_id, into, by, act.now, reason, tuple(documents)))
        rows.casework.withdraw_offers(case.case_id, act.now)
        told = merge_facts(target, self._keys(target), self._as_facts(case))
        changed = rows.cases.revise(into, told, act.now)
        rows.cases.add_event(CaseEvent(into, act.now, by, "merged_in", f"{case.number}：{reason}"))
        register_case(rows, changed, self.rules, act.now)
        if changed.level > target.level and target.owner != by:
            # Whoever has the other case hears that it became more urgent, as with any message.
            self._raise_alert(rows, changed, AlertReason.CASE_WORSENED, act.now)

    def _keys(self, case: Case) -> LikelyCase:
        facts = self._as_facts(case)
        return LikelyCase(case, facts.employer_key, facts.project_key)

    def _as_facts(self, case: Case) -> CaseFacts:
        return self._with_keys(
            CaseFacts(
                level=case.level,
                points=case.points,
                reasons=case.reasons,
                employer=case.employer,
                project=case.project,
                place=case.place,
                workers=case.workers,
                amount_yuan=case.amount_yuan,
                danger_to_life=case.danger_to_life,
            )
        )

    def _with_keys(self, facts: CaseFacts) -> CaseFacts:
        normalise = self.rules.normalise
        return replace(
            facts,
            employer_key=normalise(facts.employer)[:200] or None if facts.employer else None,
            project_key=normalise(facts.project)[:200] or None if facts.project else None,
        )

    def split(self, act: Act, documents: Sequence[int], reason: str) -> int:
        """Open a case of its own from some of a case's documents; return its number in the table.

        The figures of the case they leave stay as they are: an officer may have verified them.
        """
        with self._change(act, "split", reason) as (rows, case):
            check_owner(case, act.person)
            listed = rows.cases.list_documents(case.case_id)
            chosen = [pair for pair in listed if pair[0].document_id in set(documents)]
            if not chosen or len(chosen) == len(listed):
                raise InputError("请选出一部分消息：至少一条，并且至少留一条。")
            facts = self._read_facts(chosen[0][1])
            model = chosen[0][1].reading.model
            opened = rows.cases.open(
                facts,
                year=act.now.astimezone(SHANGHAI).year,
                model=model,
                threshold=case.threshold,
                now=act.now,
            )
            for _, assessment in chosen[1:]:
                told = merge_facts(opened, self._keys(opened), self._read_facts(assessment))
                opened = rows.cases.revise(opened.case_id, told, act.now)
            rows.cases.move_documents(
                [stored.document_id for stored, _ in chosen],
                case.case_id,
                opened.case_id,
                "split_off",
                act.now,
            )
            rows.cases.take_first(opened.case_id, act.person.username)
            for what, note in (("opened", ""), ("split_off", f"{case.number}：{reason}")):
                rows.cases.add_event(
                    CaseEvent(opened.case_id, act.now, act.person.username, what, note)
                )
            register_case(rows, opened, self.rules, act.now)
        return opened.case_id

    def _read_facts(self, assessment: Assessment) -> CaseFacts:
        return self._with_keys(read_case_facts(assessment, employer_key=None, project_key=None))

    # ---- large cases, more time

    def set_team(self, act: Act, people: Sequence[str], listed_until: date | None) -> None:
        """Give a large case a team and a listed deadline; a leader's act."""
        note = "、".join(people) + (f"，限 {listed_until} 前" if listed_until else "")
        with self._change(act, "team_set", note) as (rows, case):
            check_leads(act.person)
            details = rows.casework.get_details(case.case_id)
            if not details.large_reasons:
                raise IllegalStepError("这条线索没有达到重大线索的标准，不用组专班。")
            known = {each.username for each in rows.users.list_all() if not each.disabled}
            if unknown := [each for each in people if each not in known]:
                raise InputError("没有这些用户，或者已停用：%(names)s", names="、".join(unknown))
            rows.casework.set_team(case.case_id, people, act.person.username, act.now)
            rows.casework.save_details(replace(details, listed_until=listed_until), case.version)

    def extend(self, act: Act, reason: str) -> None:
        """Approve 30 more working days for the investigation, once (条例 Art 17)."""
        with self._change(act, "extended", reason) as (rows, case):
            check_leads(act.person)
            details = rows.casework.get_details(case.case_id)
            if details.accepted_at is None or details.extended_by is not None:
                raise IllegalStepError("还没有立案，或者已经延长过一次。")
            rows.casework.save_details(
                replace(details, extended_by=act.person.username), case.version
            )


def check_leads(person: Person) -> None:
    """Refuse whoever is no leader.

    Raises:
        NotAllowedError: It takes a leader.
    """
    if person.role is not Role.LEADER:
        raise NotAllowedError("这一步要由带班领导办理。")


def tell_changes(before: Case, after: Case, reason: str) -> str:
    """Say what was corrected, from what to what."""
    words = {
        "employer": "用人单位",
        "project": "项目",
        "place": "地点",
        "workers": "人数",
        "amount_yuan": "金额",
    }
    told = [
        f"{word} {_written(getattr(before, name))} → {_written(getattr(after, name))}"
        for name, word in words.items()
        if getattr(before, name) != getattr(after, name)
    ]
    return "；".join([*told, reason])


def _written(value: object) -> str:
    return (
        "未说明" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)
    )
