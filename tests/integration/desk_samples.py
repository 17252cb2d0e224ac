"""An invented office with invented cases, for the tests of the desk and its pictures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from monitor.desk.views import DeliveryLine
from monitor.desk.watch_views import DutyLine, DutyView, RoleView, SourceHealthView, SourceState
from monitor.domain import (
    Alert,
    AlertReason,
    AlertState,
    Assessment,
    Basis,
    Case,
    CaseEvent,
    CaseState,
    Contact,
    DeliveryState,
    Document,
    DocumentKind,
    DocumentRole,
    DutyGap,
    DutyRole,
    Evidence,
    Fact,
    Facts,
    Family,
    Heartbeat,
    Issue,
    LadderStep,
    NewAlert,
    Person,
    Reading,
    Role,
    Sentiment,
    Source,
    SourceHealth,
    StoredDocument,
    Through,
    TimePrecision,
    Urgency,
    UrgencyLevel,
)
from tests.integration.fake_desk import FakeDesk

T = TypeVar("T")

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Monday noon in Shanghai."""

PASSWORD = "correct horse"
LINK_CODE = "k3fG9sQ2mZ7xT1vB"
SIGN_IN_CODE = "once-7Hq2LmX9"
MODEL = "reader-2026-11-20"

CLAIM_TITLE = "青禾湾二期的工资什么时候能发"
CLAIM_TEXT = (
    "我们班组 14 个人在青禾湾二期做木工，是临川宏远建筑劳务有限公司招来的，"
    "从七月干到十月，一分工钱没有结，加起来一共欠 18.6 万元。\n"
    "老板电话打不通，工地办公室也锁了。家里等着交药费，请问应该找哪个部门？\n"
    "联系电话 [手机号]"
)


def make_case(case_id: int, **changes: object) -> Case:
    case = Case(
        case_id=case_id,
        number=f"QX-2026-{case_id:05d}",
        state=CaseState.NEW,
        opened_at=NOON - timedelta(minutes=25),
        changed_at=NOON - timedelta(minutes=25),
        level=UrgencyLevel.HIGH,
        points=7,
        reasons=("涉及 14 人（加 3 分）", "欠薪 4 个月（加 2 分）", "单位负责人失联（加 2 分）"),
        employer="临川宏远建筑劳务有限公司",
        project="青禾湾二期",
        place="临川镇",
        workers=14,
        amount_yuan=186_000.0,
        danger_to_life=False,
        owner=None,
        model=MODEL,
        threshold=0.5,
        version=1,
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def find_span(title: str, text: str, piece: str) -> tuple[int, int]:
    start = f"{title}\n{text}".index(piece)
    return start, start + len(piece)


def make_document(
    document_id: int = 1, title: str = CLAIM_TITLE, text: str = CLAIM_TEXT
) -> StoredDocument:
    return StoredDocument(
        document_id,
        1,
        Document(
            source="linchuan_forum",
            key=f"t{document_id}/p1",
            item_key=f"t{document_id}",
            address=f"https://forum.example.org/thread-{document_id}-1-1.html",
            role=DocumentRole.POST,
            title=title,
            text=text,
            published_at=NOON - timedelta(minutes=31),
            precision=TimePrecision.MINUTE,
            fetched_at=NOON - timedelta(minutes=26),
            masked={"phone": 1},
        ),
    )


def make_assessment(document_id: int = 1, facts: Facts | None = None) -> Assessment:
    def fact(value: T, piece: str) -> Fact[T]:
        return Fact(value, find_span(CLAIM_TITLE, CLAIM_TEXT, piece))

    claim_facts = Facts(
        employer=fact("临川宏远建筑劳务有限公司", "临川宏远建筑劳务有限公司"),
        project=fact("青禾湾二期", "青禾湾二期"),
        workers=fact(14, "14 个人"),
        amount_yuan=fact(186_000.0, "18.6 万元"),
        owed_from=fact("2026-07", "七月"),
        owed_to=fact("2026-10", "十月"),
        months=fact(4.0, "从七月干到十月"),
        employer_fled=fact(value=True, piece="老板电话打不通"),
    )
    return Assessment(
        document_id,
        Reading(
            kind=DocumentKind.CLAIM,
            score=0.964,
            sentiment=Sentiment.DISTRESS,
            facts=facts or claim_facts,
            why=(
                Evidence("工钱没有结", 2.31),
                Evidence("一共欠", 1.74),
                Evidence("班组", 0.82),
                Evidence("工资什么时候", 0.66),
                Evidence("请问", -0.41),
                Evidence("部门", -0.18),
            ),
            model=MODEL,
        ),
        Urgency(UrgencyLevel.HIGH, 7, ("涉及 14 人（加 3 分）",)),
        NOON - timedelta(minutes=25),
    )


def make_alert(alert_id: int, case_id: int | None, **changes: object) -> Alert:
    new = NewAlert(
        case_id=case_id,
        ladder_key=f"case-{case_id}-1",
        reason=AlertReason.CASE_OPENED if case_id else AlertReason.TEST,
        step=0,
        person="wang",
        duty=DutyRole.OFFICER,
        ladder=(LadderStep(timedelta(0), DutyRole.OFFICER),),
        raised_at=NOON - timedelta(minutes=25),
        level=UrgencyLevel.HIGH,
    )
    alert = Alert(
        alert_id, new, AlertState.SENT, new.raised_at, sent_at=NOON - timedelta(minutes=24)
    )
    return replace(alert, **changes)  # type: ignore[arg-type]


def make_people() -> dict[str, Person]:
    people = [
        Person("wang", "王值班", Role.DUTY_OFFICER, (Contact("email", "wang@county.example"),)),
        Person("li", "李承办", Role.CASE_OFFICER),
        Person("zhao", "赵主任", Role.LEADER),
        Person("sun", "孙分析", Role.ANALYST),
    ]
    return {person.username: person for person in people}


def make_health(name: str, **changes: object) -> SourceHealth:
    health = SourceHealth(
        name=name,
        last_attempt_at=NOON - timedelta(minutes=2),
        last_success_at=NOON - timedelta(minutes=2),
        last_new_at=NOON - timedelta(minutes=26),
        next_poll_at=NOON + timedelta(minutes=3),
        consecutive_failures=0,
        documents=1_284,
    )
    return replace(health, **changes)  # type: ignore[arg-type]


def make_source_view(
    title: str, basis: Basis, state: SourceState, health: SourceHealth
) -> SourceHealthView:
    url = f"https://{health.name.replace('_', '-')}.example.org/"
    issues = [issue for issue in make_issues() if issue.subject == health.name]
    return SourceHealthView(
        Source(health.name, title, Family.DISCUZ, basis, url), health, state, issues
    )


def make_sources() -> list[SourceHealthView]:
    failing = make_health(
        "old_forum", last_success_at=NOON - timedelta(hours=3), consecutive_failures=6
    )
    quiet = make_health("county_news", last_new_at=NOON - timedelta(days=4), documents=310)
    starting = make_health(
        "new_board", last_attempt_at=None, last_success_at=None, last_new_at=None, documents=0
    )
    help_section, letters = Basis.HELP_SECTION, Basis.ADDRESSED_TO_AUTHORITY
    return [
        make_source_view("城南老论坛", help_section, SourceState.FAILING, failing),
        make_source_view("县融媒新闻", Basis.NEWS, SourceState.QUIET, quiet),
        make_source_view(
            "临川论坛·百姓求助", help_section, SourceState.WELL, make_health("linchuan_forum")
        ),
        make_source_view(
            "县长信箱", letters, SourceState.WELL, make_health("mailbox", documents=96)
        ),
        make_source_view("开发区留言板", letters, SourceState.STARTING, starting),
    ]


def make_issues() -> list[Issue]:
    return [
        Issue(
            "S403",
            "old_forum",
            "列表页的结构变了，没有读到任何帖子",
            NOON - timedelta(hours=3),
            NOON - timedelta(minutes=2),
            6,
        ),
        Issue(
            "D201",
            "wecom",
            "机器人拒绝了消息：超过每分钟上限",
            NOON - timedelta(minutes=40),
            NOON - timedelta(minutes=38),
            2,
        ),
    ]


def make_duty() -> DutyView:
    def line(duty: DutyRole, name: str | None, start: int, end: int) -> DutyLine:
        return DutyLine(duty, name, NOON + timedelta(hours=start), NOON + timedelta(hours=end))

    return DutyView(
        on_duty=(
            line(DutyRole.OFFICER, "王值班", -4, 4),
            line(DutyRole.BACKUP, "李承办", -4, 4),
            line(DutyRole.LEADER, "赵主任", -4, 20),
        ),
        following=(
            line(DutyRole.OFFICER, "李承办", 4, 20),
            line(DutyRole.BACKUP, None, 4, 20),
        ),
        gaps=(DutyGap(DutyRole.BACKUP, NOON + timedelta(hours=4), NOON + timedelta(hours=20)),),
    )


def make_roles(*, late: bool = False) -> list[RoleView]:
    moments = {"collect": 20, "work": 4, "desk": 2}
    return [
        RoleView(
            Heartbeat(
                role, "duty-1", NOON - timedelta(seconds=age), NOON - timedelta(seconds=age + 8)
            ),
            is_late=late and role == "collect",
        )
        for role, age in moments.items()
    ]


def make_office() -> FakeDesk:
    """Four people, twelve cases in all states of this issue, alerts, sources and duty."""
    desk = FakeDesk(people=make_people(), passwords=dict.fromkeys(make_people(), PASSWORD))
    desk.sign_in_codes[SIGN_IN_CODE] = "wang"
    for case in make_cases():
        desk.cases[case.case_id] = case
        desk.documents[case.case_id] = [
            (make_document(case.case_id), make_assessment(case.case_id))
        ]
        desk.events.append(
            CaseEvent(case.case_id, case.opened_at, "system", "opened", f"文书 {case.case_id}")
        )
    desk.alerts = {
        1: make_alert(1, 1),
        2: make_alert(2, 2),
        3: make_alert(
            3,
            6,
            state=AlertState.ACKNOWLEDGED,
            acknowledged_at=NOON - timedelta(hours=20),
            acknowledged_by="wang",
            through=Through.LINK,
        ),
        4: make_alert(4, None),
    }
    desk.codes = {LINK_CODE: 1, "test-message-code": 4}
    desk.deliveries = {
        1: [
            DeliveryLine("email", DeliveryState.SENT, 1, NOON - timedelta(minutes=24)),
            DeliveryLine("wecom", DeliveryState.FAILED, 4),
        ]
    }
    add_second_message(desk)
    desk.source_views, desk.issues = make_sources(), make_issues()
    desk.duty_view, desk.role_views = make_duty(), make_roles()
    return desk


def make_cases() -> list[Case]:
    def opened(**ago: float) -> dict[str, object]:
        at = NOON - timedelta(**ago)
        return {"opened_at": at, "changed_at": at}

    no_facts = {"employer": None, "project": None, "workers": None, "amount_yuan": None}
    return [
        make_case(1),
        make_case(
            2,
            level=UrgencyLevel.CRITICAL,
            points=12,
            danger_to_life=True,
            employer="禾丰服饰厂",
            project=None,
            place="开发区三号路",
            workers=63,
            amount_yuan=912_400.0,
            reasons=("文中提到人身危险（加 6 分）", "涉及 63 人（加 4 分）"),
            **opened(minutes=8),
        ),
        make_case(3, level=UrgencyLevel.RAISED, points=4, **no_facts, **opened(hours=5)),
        make_case(
            4,
            level=UrgencyLevel.RAISED,
            employer="东岭园林绿化工程队",
            project="滨河绿道",
            workers=5,
            amount_yuan=23_560.5,
            **opened(hours=30),
        ),
        make_case(
            5,
            level=UrgencyLevel.ROUTINE,
            employer="好味来餐馆",
            project=None,
            workers=1,
            amount_yuan=4_200.0,
            points=1,
            reasons=(),
            **opened(days=9),
        ),
        make_case(
            6,
            state=CaseState.ACCEPTED,
            owner="wang",
            employer="县第二建筑公司",
            version=2,
            **opened(hours=20),
        ),
        make_case(7, state=CaseState.ACCEPTED, owner="li", employer="长桥物业", **opened(days=3)),
        make_case(8, state=CaseState.NOT_A_CLAIM, employer="金穗农机经营部", **opened(days=2)),
        make_case(9, state=CaseState.REFERRED, employer="顺达货运", **opened(days=4)),
        make_case(10, state=CaseState.REOPENED, employer="新月电子", **opened(days=15)),
        make_case(11, state=CaseState.CLOSED, employer="永安采石场", **opened(days=40)),
        make_case(12, state=CaseState.PAID, owner="wang", employer="文峰装饰", **opened(days=12)),
    ]


def add_second_message(desk: FakeDesk) -> None:
    """Case 1 has a news report as its second document, with no facts of its own."""
    title, text = (
        "青禾湾二期部分班组工资未结",
        "记者从现场了解到，青禾湾二期部分班组的工资尚未结清。",
    )
    reading = replace(
        make_assessment(101, Facts()).reading, kind=DocumentKind.THIRD_PARTY, score=0.71
    )
    assessment = replace(make_assessment(101, Facts()), reading=reading)
    desk.documents[1].append((make_document(101, title, text), assessment))
    desk.events.append(
        CaseEvent(1, NOON - timedelta(minutes=6), "system", "same_party", "文书 101")
    )
