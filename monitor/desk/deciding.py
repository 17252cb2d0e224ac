"""The first minute of a case, its referrals, and opening it again."""

from dataclasses import replace

from monitor.casework import (
    ReferralResult,
)
from monitor.desk.acts import Act, CaseActs
from monitor.domain import (
    AlertReason,
    Case,
    CaseState,
    CaseStep,
    ReferralBody,
)
from monitor.steps import (
    check_owner,
)
from monitor.storage.repositories import Rows


class Deciding(CaseActs):
    """Whose is it?"""

    def accept(self, act: Act) -> None:
        """Take the case over; from what nobody had decided, the investigation's clock starts."""

        def file_case(rows: Rows, case: Case) -> None:
            rows.casework.withdraw_offers(case.case_id, act.now)
            if case.state is not CaseState.REFERRED:
                details = rows.casework.get_details(case.case_id)
                rows.casework.save_details(
                    replace(details, accepted_at=act.now, extended_by=None), case.version
                )

        self._step(act, CaseStep.ACCEPT, do=file_case)

    def refer(self, act: Act, body: ReferralBody, reason: str) -> None:
        """Pass the case on to a named body; it stays in the ledger until there is a result."""

        def write(rows: Rows, case: Case) -> None:
            rows.casework.add_referral(
                case.case_id, body, reason=reason, by=act.person.username, now=act.now
            )

        self._step(act, CaseStep.REFER, f"{body.value}：{reason}", do=write, body=body)

    def not_a_claim(self, act: Act, reason: str) -> None:
        """Say that the case is not about unpaid wages."""
        self._step(act, CaseStep.NOT_A_CLAIM, reason)

    def note_referral(self, act: Act, referral_id: int, **noted: object) -> None:
        """Write a notice, the receipt or the result of a referral.

        Keywords: those of `monitor.casework.Referral` from `letter` on.
        """
        result = noted.get("result")
        action = "referral_result" if result else "referral_noted"
        note = str(noted.get("result_note") or noted.get("receipt") or noted.get("letter") or "")
        with self._change(act, action, note) as (rows, case):
            check_owner(case, act.person)
            values = dict(noted)
            if isinstance(result, ReferralResult):
                values["result"] = result.value
            rows.casework.note_referral(case.case_id, referral_id, **values)

    def reopen(self, act: Act, reason: str) -> None:
        """Open a case again that was put down, and tell whoever is on duty."""

        def note(rows: Rows, case: Case) -> None:
            rows.casework.note_reopened(case.case_id, act.now)

        self._step(act, CaseStep.REOPEN, reason, do=note, tell=AlertReason.CASE_REOPENED)
