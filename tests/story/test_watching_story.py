"""Days at the duty desk on a pushed clock: swaps, absences, gaps, hand-over, silence."""

from datetime import timedelta

import pytest

from alerts.quiet import QuietHours
from monitor.audit_look import AuditPolicy
from monitor.auditing import Auditor
from monitor.desk.rostering import add_absence, answer_swap, propose_swap, put_person
from monitor.desk.stored_desk import DeskPolicy
from monitor.desk.stored_duty import StoredDutyDesk
from monitor.domain import (
    AlertReason,
    CaseStep,
    Contact,
    DutyRole,
    LadderStep,
    Person,
    Role,
    Shift,
    Through,
    UrgencyLevel,
)
from monitor.duty_nouns import Stretch, SwapOffer
from monitor.duty_watch import WatchPolicy, watch_duty
from monitor.errors import DeliveryError, IllegalStepError, InputError, NotAllowedError
from monitor.pipeline import Turn, responsible_by_name
from monitor.storage.session import Storage
from tests.county import LADDER, START, County, PhoneBook
from tests.story.test_duty_story import code_of, the_case

pytestmark = pytest.mark.story
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICER = DutyRole.OFFICER
CLAIM = "宏图公司欠我三个月，没发工资"
TONIGHT = Stretch(OFFICER, START + 2 * HOUR, START + 20 * HOUR)


class Office(County):
    """The county, with the duty step beside the others."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self.policy = WatchPolicy(
            needed=(OFFICER, DutyRole.BACKUP, DutyRole.LEADER), look_ahead=timedelta(days=5)
        )
        self.pages = StoredDutyDesk(storage, DeskPolicy(2 * HOUR, 2 * MINUTE))
        with storage.work() as rows:
            for name, role in (("sun", Role.DUTY_OFFICER), ("admin", Role.ADMINISTRATOR)):
                rows.users.add(Person(name, name, role, (Contact("phone", name),)), None, START)

    def watch(self) -> None:
        turn = Turn("w1", self.now, timedelta(seconds=10))
        watch_duty(self.storage.work, self.duty, self.policy, turn)

    def forward(self, minutes: float) -> None:
        self.watch()
        super().forward(minutes)
        self.watch()
        self.send()

    def swap(self, given: Stretch = TONIGHT, proposer: str = "zhou", other: str = "sun") -> int:
        with self.storage.work() as rows:
            offer = SwapOffer(other, given)
            return propose_swap(rows, self.duty.rules, self.officer(proposer), offer, self.now)

    def answer(self, number: int, who: str = "sun", *, agree: bool = True) -> None:
        with self.storage.work() as rows:
            answer_swap(rows, self.duty.rules, number, self.officer(who), agree=agree, now=self.now)


@pytest.fixture
def office(storage: Storage) -> Office:
    return Office(storage)


# ---------------------------------------------------------------- swaps


def test_a_swap_changes_nothing_before_the_other_has_agreed(office: Office) -> None:
    office.swap()
    office.forward(0)
    asked = office.expect_message_to("sun")
    assert "换班" in asked.title
    office.now = TONIGHT.starts_at
    office.post(CLAIM)
    office.forward(0)
    office.expect_message_to("zhou")
    office.expect_nobody_else()


def test_after_a_swap_every_message_goes_to_the_new_person(office: Office) -> None:
    office.answer(office.swap())
    office.forward(0)
    office.expect_nobody_else()  # the answer was there before anybody had to be asked
    office.now = TONIGHT.starts_at
    office.post(CLAIM)
    office.forward(0)
    office.expect_message_to("sun")
    office.expect_nobody_else()


def test_a_swap_back_gives_every_message_back(office: Office) -> None:
    office.answer(office.swap())
    office.answer(office.swap(proposer="sun", other="zhou"), who="zhou")
    office.now = TONIGHT.starts_at
    office.post(CLAIM)
    office.forward(0)
    office.expect_message_to("zhou")
    office.expect_nobody_else()


def test_whoever_takes_over_while_an_alert_waits_is_told_at_once(office: Office) -> None:
    office.answer(office.swap())
    office.now = TONIGHT.starts_at - 2 * MINUTE
    office.post(CLAIM)
    office.forward(1)
    office.expect_message_to("zhou")
    office.expect_nobody_else()
    office.forward(1)
    office.expect_message_to("sun")
    office.expect_nobody_else()


def test_only_the_two_may_answer_and_withdraw(office: Office) -> None:
    number = office.swap()
    with pytest.raises(NotAllowedError):
        office.answer(number, who="han")
    with pytest.raises(NotAllowedError):
        office.pages.withdraw_swap(office.officer("sun"), number, office.now)
    office.pages.withdraw_swap(office.officer("zhou"), number, office.now)
    with pytest.raises(IllegalStepError):
        office.answer(number)


def test_two_answers_are_one(office: Office) -> None:
    number = office.swap()
    office.answer(number)
    with pytest.raises(IllegalStepError):
        office.answer(number, agree=False)


def test_a_swap_that_cannot_be_is_refused_with_its_reason(office: Office) -> None:
    with pytest.raises(InputError, match="R406"):
        office.swap(other="zheng")
    with pytest.raises(InputError, match="R404"):
        office.swap(proposer="sun", other="zhou")
    with pytest.raises(InputError, match="R403"):
        office.swap(given=Stretch(OFFICER, START - HOUR, START + HOUR))
    assert office.swap()
    with pytest.raises(InputError, match="已经提出"):
        office.swap()


def test_what_spoke_for_a_swap_is_asked_again_when_it_is_answered(office: Office) -> None:
    number = office.swap()
    with office.storage.work() as rows:
        add_absence(
            rows,
            "sun",
            TONIGHT.starts_at,
            TONIGHT.ends_at,
            substitute=None,
            by="han",
            now=office.now,
        )
    with pytest.raises(InputError, match="R405"):
        office.answer(number)


def test_a_proposal_that_nobody_answered_ends_with_its_shift(office: Office) -> None:
    number = office.swap()
    office.forward(0)
    office.expect_message_to("sun")
    office.now = TONIGHT.starts_at
    office.watch()
    with pytest.raises(IllegalStepError):
        office.answer(number, agree=False)
    office.forward(30)
    office.expect_nobody_else()


# ---------------------------------------------------------------- overrides and absences


def test_an_override_and_an_absence_are_honoured_in_every_message(office: Office) -> None:
    with office.storage.work() as rows:
        stretch = Stretch(DutyRole.BACKUP, office.now, office.now + 2 * HOUR)
        put_person(rows, stretch, "admin", by="han", note="", now=office.now)
        add_absence(
            rows,
            "zhou",
            office.now,
            office.now + HOUR,
            substitute="sun",
            by="han",
            now=office.now,
        )
    office.post(CLAIM)
    office.forward(5)
    office.expect_message_to("sun")
    office.expect_message_to("admin")


def test_an_absence_without_a_substitute_is_a_gap_that_is_told_before_it_comes(
    office: Office,
) -> None:
    with office.storage.work() as rows:
        starts = office.now + 30 * HOUR
        add_absence(rows, "zhou", starts, starts + HOUR, substitute=None, by="han", now=office.now)
    office.forward(0)
    told = office.expect_message_to("admin")
    assert "值班员" in "".join(told.lines)
    office.desk.acknowledge_by_code(code_of(told), office.now)
    office.expect_nobody_else()
    office.forward(60)
    office.expect_nobody_else()
    office.now += 8 * HOUR  # now it is nearer than a day: once more, and to the leader too
    office.forward(0)
    office.expect_message_to("admin")
    office.expect_message_to("han")
    office.expect_nobody_else()


def test_a_gap_that_was_mended_is_not_told_any_more(office: Office) -> None:
    gap = office.now + 60 * HOUR
    with office.storage.work() as rows:
        number = add_absence(
            rows, "zhou", gap, gap + HOUR, substitute=None, by="han", now=office.now
        )
    office.forward(0)
    office.expect_message_to("admin")
    office.pages.end_absence(office.officer("han"), number, office.now)
    office.now += 25 * HOUR  # by now the leader would have been told
    office.forward(0)
    office.expect_nobody_else()


# ---------------------------------------------------------------- not urgent; untouched; copied


def test_what_is_not_urgent_is_told_in_the_morning_to_whoever_is_there_then(
    office: Office,
) -> None:
    object.__setattr__(office.duty, "quiet", QuietHours(frozenset(UrgencyLevel)))
    office.now = START + 14 * HOUR  # 23:00 in Shanghai
    office.post(CLAIM)
    office.forward(30)
    office.expect_nobody_else()
    with office.storage.work() as rows:
        stretch = Stretch(OFFICER, office.now, office.now + 20 * HOUR)
        put_person(rows, stretch, "sun", by="han", note="", now=office.now)
    office.now = START + 22 * HOUR  # 07:00
    office.forward(0)
    office.expect_message_to("sun")
    office.forward(5)
    office.expect_message_to("zheng")


def test_a_held_alert_is_not_told_when_the_case_was_decided_meanwhile(office: Office) -> None:
    object.__setattr__(office.duty, "quiet", QuietHours(frozenset(UrgencyLevel)))
    office.now = START + 14 * HOUR
    office.post(CLAIM)
    office.forward(0)
    case = the_case(office)
    office.desk.accept(case.case_id, office.officer("zhou"), case.version, office.now)
    office.now = START + 22 * HOUR
    office.forward(10)
    office.expect_nobody_else()


def test_a_case_that_is_accepted_and_not_touched_is_reminded_of(office: Office) -> None:
    after = timedelta(days=1)
    object.__setattr__(office.policy, "untouched_after", {UrgencyLevel.RAISED: after})
    office.post(CLAIM)
    office.forward(0)
    office.expect_message_to("zhou")
    case = the_case(office)
    office.desk.accept(case.case_id, office.officer("zhou"), case.version, office.now)
    office.now += after - MINUTE
    office.forward(0)
    office.expect_nobody_else()
    office.forward(2)
    reminder = office.expect_message_to("zhou")
    assert "久未处置" in reminder.title
    office.forward(60)
    office.expect_nobody_else()
    office.now += after  # nobody reacts: a day later the leader hears of it
    office.forward(0)
    office.expect_message_to("han")


def test_whoever_is_responsible_for_the_project_is_copied(office: Office) -> None:
    object.__setattr__(office.duty, "responsible", responsible_by_name({"宏图": ["sun"]}))
    office.post(CLAIM)
    office.forward(0)
    office.expect_message_to("zhou")
    copy = office.expect_message_to("sun")
    assert any("包保" in line for line in copy.lines)
    assert office.desk.acknowledge_by_code(code_of(copy), office.now).acted
    office.forward(60)
    office.expect_nobody_else()


# ---------------------------------------------------------------- hand-over


def change_at(office: Office, at: timedelta) -> None:
    with office.storage.work() as rows:
        day = timedelta(days=1)
        rows.duty.replace(
            [
                Shift(OFFICER, "zhou", START - day, START + at),
                Shift(OFFICER, "sun", START + at, START + 9 * day),
            ]
        )


def test_what_was_not_accepted_stays_with_the_one_who_left_and_the_leader_sees_it(
    office: Office,
) -> None:
    change_at(office, 2 * HOUR)
    office.post(CLAIM)
    office.post("远大公司欠我三个月，没发工资", key="t2")
    office.forward(0)
    for _ in range(2):
        card = office.expect_message_to("zhou")
        office.desk.acknowledge_by_code(code_of(card), office.now)
    office.now = START + 100 * MINUTE
    office.watch()
    [sheet] = office.pages.handovers(office.officer("zhou"), office.now)
    assert (sheet.handover.leaving, sheet.handover.coming, sheet.left) == ("zhou", "sun", 2)
    number = sheet.handover.handover_id
    office.pages.write_note(number, office.officer("zhou"), "宏图明天来对账", office.now)
    with pytest.raises(NotAllowedError):
        office.pages.accept_handover(number, office.officer("zhou"), None, office.now)
    first = sheet.items[0].case.case_id
    office.pages.accept_handover(number, office.officer("sun"), first, office.now)
    office.now = START + 2 * HOUR + 29 * MINUTE
    office.forward(0)
    office.expect_nobody_else()
    office.forward(1)
    told = office.expect_message_to("han")
    assert "1 件" in "".join(told.lines)
    with office.storage.look() as rows:
        holders = [rows.handovers.find_holder(item.case.case_id) for item in sheet.items]
    assert holders == ["sun", "zhou"]
    office.pages.accept_handover(number, office.officer("sun"), None, office.now)
    view = office.pages.handover(number, office.officer("han"), office.now)
    assert (view.left, view.handover.accepted_by) == (0, "sun")


def test_acknowledging_a_matter_that_another_left_is_taking_it_over(office: Office) -> None:
    change_at(office, HOUR)
    office.post(CLAIM)
    office.forward(0)
    office.expect_message_to("zhou")
    office.now = START + 50 * MINUTE
    office.watch()
    office.now = START + HOUR
    office.forward(0)
    for person in ("sun", "zheng", "han"):
        office.expect_message_to(person)
    office.desk.acknowledge_case(the_case(office).case_id, office.officer("sun"), office.now)
    [sheet] = office.pages.handovers(office.officer("han"), office.now)
    assert sheet.left == 0
    assert sheet.items[0].accepted_by == "sun"


# ---------------------------------------------------------------- who, when, through what


def test_an_acknowledgement_is_kept_with_person_time_and_channel(office: Office) -> None:
    office.post(CLAIM)
    office.forward(0)
    card = office.expect_message_to("zhou")
    office.desk.acknowledge_by_code(code_of(card), office.now)
    with office.storage.look() as rows:
        [kept] = rows.notices.list_acknowledgements(the_case(office).case_id)
    assert kept == ("zhou", office.now, Through.LINK, "phone")


def test_a_code_acknowledges_once_and_only_for_its_person(office: Office) -> None:
    office.post(CLAIM)
    office.forward(5)
    first, second = office.expect_message_to("zhou"), office.expect_message_to("zheng")
    assert code_of(first) != code_of(second)
    assert office.desk.acknowledge_by_code(code_of(second), office.now).acknowledged_by == "zheng"
    again = office.desk.acknowledge_by_code(code_of(first), office.now)
    assert (again.acted, again.acknowledged_by) == (False, "zheng")


# ---------------------------------------------------------------- the watch over the watch


def auditor(office: Office, phone: PhoneBook, **allowed: object) -> Auditor:
    policy = AuditPolicy(**allowed)  # type: ignore[arg-type]
    return Auditor(
        office.storage,
        {"phone": phone},
        office.duty,
        policy,
        holder="desk",
        clock=lambda: office.now,
    )


def test_the_auditor_tells_past_the_sender_that_an_alert_is_past_its_step(
    office: Office,
) -> None:
    own = PhoneBook()
    watching = auditor(office, own, stuck_after=HOUR)
    office.post(CLAIM)
    office.digest()  # raised, and from here on nothing is sent and nobody climbs
    office.now += LADDER[1].wait + 60 * timedelta(seconds=1)
    assert watching.audit() == []
    office.now += timedelta(seconds=1)
    assert "W701" in {each.code for each in watching.audit()}
    [(_, told, card, _)] = own.sent
    assert told == "han"
    assert "W701" in "".join(card.lines)
    office.now += MINUTE
    watching.audit()
    assert len(own.sent) == 1  # it is still so, and was told
    office.now += 30 * MINUTE
    watching.audit()
    assert len(own.sent) == 2


def test_a_silent_role_is_told_and_its_return_ends_it(office: Office) -> None:
    own = PhoneBook()
    watching = auditor(office, own, silent_after={"work": 2 * MINUTE})
    with office.storage.work() as rows:
        rows.operations.beat("work", "host", office.now, succeeded=True)
    assert watching.audit() == []
    office.now += 3 * MINUTE
    assert [each.code for each in watching.audit()] == ["W704"]
    with office.storage.work() as rows:
        rows.operations.beat("work", "host", office.now, succeeded=True)
    assert watching.audit() == []
    with office.storage.look() as rows:
        assert rows.watch.list_open() == []
    assert len(own.sent) == 1


def test_the_auditor_tells_by_whatever_still_works(office: Office) -> None:
    broken, own = PhoneBook(), PhoneBook()
    broken.broken = DeliveryError("不通", permanent=False)
    with office.storage.work() as rows:
        for name in ("han", "admin", "zhou"):
            person = rows.users.find(name)
            assert person
            contacts = (Contact("sms", name), Contact("phone", name))
            rows.users.save(Person(name, name, person.role, contacts))
    watching = auditor(office, own, silent_after={"work": MINUTE})
    watching._channels = {"sms": broken, "phone": own}
    watching.audit()
    assert [address for _, address, _, _ in own.sent] == ["han"]


def test_when_one_auditor_dies_the_other_goes_on_and_tells_nothing_twice(
    office: Office,
) -> None:
    own = PhoneBook()
    one = auditor(office, own, silent_after={"work": MINUTE})
    other = Auditor(
        office.storage,
        {"phone": own},
        office.duty,
        AuditPolicy(silent_after={"work": MINUTE}),
        holder="work",
        clock=lambda: office.now,
    )
    assert one.audit()
    assert other.audit() == ()  # not its turn
    office.now += 2 * MINUTE
    assert other.audit()
    assert len(own.sent) == 1


def test_each_minute_is_written_down_as_it_was(office: Office) -> None:
    watching = auditor(office, PhoneBook(), sources={"forum": 5 * MINUTE})
    with office.storage.work() as rows:
        rows.operations.beat("work", "host", office.now, succeeded=True)
    watching.audit()
    with office.storage.work() as rows:
        stretch = Stretch(OFFICER, office.now + MINUTE, office.now + 3 * MINUTE)
        put_person(rows, stretch, None, by="han", note="", now=office.now)
    for _ in range(4):
        office.now += MINUTE
        watching.audit()
    office.now += MINUTE
    view = office.pages.breaks("duty", office.now)
    assert (view.coverage.observed, view.coverage.good) == (5, 3)
    assert view.breaks[0].ends_at - view.breaks[0].starts_at == 2 * MINUTE
    shown = {each.subject for each in office.pages.continuity(office.now).subjects}
    assert shown == {"duty", "sending", "source:forum"}


def test_reminders_and_notices_are_the_only_reasons_that_wait_for_a_day(office: Office) -> None:
    calm = {reason for reason in AlertReason if office.duty.repeat_of(reason) > HOUR}
    assert AlertReason.CASE_OPENED not in calm
    assert {AlertReason.ROSTER_TROUBLE, AlertReason.CASE_UNTOUCHED} <= calm
    assert CaseStep.ACCEPT
    assert LadderStep(timedelta(0), OFFICER).person == ""
