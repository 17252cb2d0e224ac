"""The words of `disclose` in Chinese and in English; every figure in them is the system's."""

# ruff: noqa: E501 - a sentence that is published is one string

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.commands.forgetting import FORGOTTEN_NAMES
from monitor.domain import Basis, CaseState, Forgotten
from monitor.refusals import REFUSALS
from monitor.reports.words import STATE_NAMES
from monitor.retention import RetentionPolicy
from spiders.masking_spans import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language; `{…}` is filled from the running system."""

    title: str
    purpose: str
    headings: tuple[str, ...]
    few: str
    comma: str
    nothing_watched: str
    source: str
    basis: Mapping[Basis, str]
    user_agent: str
    masked_names: Mapping[Kind, str]
    masked: str
    texts: str
    cases: str
    states: Mapping[CaseState, str]
    records: Mapping[str, str]
    forgotten: str
    forgotten_names: Mapping[Forgotten, str]
    retention: tuple[str, ...]
    backups: tuple[str, ...]
    roles: str
    seen_by: tuple[str, ...]
    audit: tuple[str, ...]
    referred: str
    removal: tuple[str, ...]
    may_remove: str
    why: str
    refusals: Mapping[str, tuple[str, str]]
    spans: Mapping[int, str]

    def say_span(self, span: timedelta) -> str:
        """A span in the largest unit that divides it."""
        seconds = int(span.total_seconds())
        for size, words in self.spans.items():
            if seconds >= size and seconds % size == 0:
                return words.format(seconds // size)
        return self.spans[1].format(seconds)

    def say_retention(self, policy: RetentionPolicy) -> list[str]:
        """How long each kind is kept, a sentence each."""
        days = {
            name: getattr(policy, name).days
            for name in (
                "closed_texts",
                "not_a_claim_texts",
                "no_claim_texts",
                "sent_messages",
                "closed_issues",
                "longest_hold",
            )
        }
        return [sentence.format(**days) for sentence in self.retention]


RECORDS = ("parties", "audit", "report_editions", "labels", "removals", "holds")
"""What is counted beside texts and cases; names of tables, except the holds in force."""

CHINESE = Words(
    title="清薪公开说明　{at}",
    purpose=(
        "清薪在公开的地方寻找拖欠工资的线索，告诉劳动保障监察机构，直到工资发到手。"
        "每一条记录的对象是用人单位、项目和一笔钱，不是说话的人。"
    ),
    headings=(
        "一、看什么",
        "二、存什么",
        "三、存多久",
        "四、备份",
        "五、谁能看，留什么痕迹",
        "六、怎样要求删除",
        "七、不做什么",
    ),
    few="少于{least}",
    comma="、",
    nothing_watched="目前没有在看任何地方。",
    source="{number}. {title}\n   {basis}；每隔{every}看一次\n   {address}",
    basis={
        Basis.ADDRESSED_TO_AUTHORITY: "群众写给政府部门的公开留言",
        Basis.HELP_SECTION: "本地论坛的公开求助版块",
        Basis.NEWS: "公开新闻",
    },
    user_agent="采集时自报名称：{name}",
    masked_names={
        Kind.PHONE: "电话",
        Kind.IDENTITY: "身份证号",
        Kind.BANK_CARD: "银行卡号",
        Kind.PLATE: "车牌",
        Kind.WECHAT: "微信",
        Kind.QQ: "QQ",
        Kind.ACCOUNT: "其他账号",
        Kind.EMAIL: "邮箱",
        Kind.HOME: "住址",
        Kind.NAME: "文中介绍的姓名",
    },
    masked="写入之前遮盖：{kinds}。谁写的不读不存，网页原样不存。遮盖由程序完成，会有漏遮；公开说明里写着量出的比例。",
    texts="现存原文（遮盖后）：{count} 份。",
    cases="线索，按现在的状态（不足 {least} 的写“{few}”，不给合计）：",
    states=STATE_NAMES,
    records={
        "parties": "用人单位和项目（名称、等级、负责的工作人员）",
        "audit": "操作记录（哪个工作人员、何时、打开或改动了什么）",
        "report_editions": "已存的报告（只有数字和单位）",
        "labels": "复核结果（判读对不对，不含原文）",
        "removals": "应要求不再读取的地址（只有网站的编号）",
        "holds": "办案需要、到期暂不清除的保留",
    },
    forgotten="已经清除、只留数目：",
    forgotten_names=FORGOTTEN_NAMES,
    retention=(
        "线索的原文：销号后 {closed_texts} 天清除；没有销号的线索，办结之前保留。",
        "判定不属欠薪的线索的原文：判定后 {not_a_claim_texts} 天清除。",
        "与欠薪无关的文书：读到后 {no_claim_texts} 天清除。",
        "发出的提醒的内容和收件地址：{sent_messages} 天后清除。",
        "故障记录：解决后 {closed_issues} 天清除。",
        "办案需要时可以登记保留，必须写明理由和到期日，最长 {longest_hold} 天；到期没有重新登记的，照常清除。",
        "线索的登记内容（用人单位、项目、地点、人数、金额、办理过程）没有原文，按档案规定保管。",
        "操作记录没有原文，只追加、不改写，随线索保管。",
        "网站自己的编号留下，以免把清除过的再读回来；各种数目留下。",
        "日志不含原文，按大小轮换。",
    ),
    backups=(
        "备份是当天数据库的副本，含当天还没有到期的原文（遮盖后），同样没有谁写的。",
        "程序不自动留存备份；由管理员轮换，最长不超过 {closed_texts} 天，与销号后原文的期限相同。",
        "恢复备份后，程序立即按上述期限、和此后应要求删除的名单，再清除一遍。",
    ),
    roles="用户只有这几种：{roles}。",
    seen_by=(
        "能打开原文的只有登录的工作人员。",
        "发给用人单位和其他部门的材料，由工作人员根据线索另写，不附原文。",
        "提醒里只有用人单位或项目、地点、人数、金额、紧急程度和一个用来确认的链接，没有原文。",
        "其他程序凭令牌只能读线索和单位的登记内容，没有原文。",
    ),
    audit=(
        "打开遮盖后的原文、搜索、复核、导出、登录、改动和其他程序的每次读取，都在操作记录里留一行：哪个工作人员、何时、哪个线索。",
        "操作记录逐行相扣，改掉或抽走一行会被程序发现；搜索的词里的号码和单独的姓名，遮盖后才记。没有按人查找。",
    ),
    referred="只转给：{bodies}。",
    removal=(
        "写的人或者文中提到的人，可以要求删除：告诉我们网页的地址即可，不用说明理由，也不用证明自己是谁。",
        "工作人员在线索页面上办理：存下的原文立即清除，这一条（或者整个帖子）今后不再读取。",
        "只记下网站的编号和办理人，以免再读；不记是谁提出的。正在保留的，告知理由和到期日，到期即清除。",
        "原网页由网站管理，我们不删除，也不要求网站删除。",
    ),
    may_remove="可以办理的人：{roles}。联系：{contact}",
    why="为什么：{why}",
    refusals={each.key: (each.sentence, each.why) for each in REFUSALS},
    spans={86_400: " {} 天", 3_600: " {} 小时", 60: " {} 分钟", 1: " {} 秒"},
)

ENGLISH = Words(
    title="Qingxin: public disclosure, {at} (Asia/Shanghai)",
    purpose=(
        "Qingxin looks in public places for wages that were not paid, tells the labour inspectorate, and "
        "does not put it down until they are paid. The subject of every record is an employer, a project "
        "and a sum of money, never a speaker."
    ),
    headings=(
        "1. What is watched",
        "2. What is held",
        "3. For how long",
        "4. Backups",
        "5. Who sees it, and what trace that leaves",
        "6. How to have something removed",
        "7. What is refused",
    ),
    few="fewer than {least}",
    comma=", ",
    nothing_watched="No place is watched at present.",
    source="{number}. {title}\n   {basis}; every {every}\n   {address}",
    basis={
        Basis.ADDRESSED_TO_AUTHORITY: "public messages addressed to authorities",
        Basis.HELP_SECTION: "the public help section of a local forum",
        Basis.NEWS: "public news",
    },
    user_agent="The reader names itself: {name}",
    masked_names={
        Kind.PHONE: "telephones",
        Kind.IDENTITY: "identity numbers",
        Kind.BANK_CARD: "bank cards",
        Kind.PLATE: "number plates",
        Kind.WECHAT: "WeChat",
        Kind.QQ: "QQ",
        Kind.ACCOUNT: "other accounts",
        Kind.EMAIL: "e-mail addresses",
        Kind.HOME: "home addresses",
        Kind.NAME: "names that the text introduces",
    },
    masked=(
        "Masked before anything is written: {kinds}. Who wrote is neither read nor kept, pages are not kept "
        "as they came. The mask is a program and misses some; the public page tells the measured shares."
    ),
    texts="Texts held (masked): {count}.",
    cases="Cases by their present state (below {least} it says “{few}”, and no total is given):",
    states={
        CaseState.NEW: "new",
        CaseState.ACCEPTED: "accepted",
        CaseState.ORDERED: "ordered to pay",
        CaseState.PAID: "paid, to be struck off",
        CaseState.CLOSED: "struck off",
        CaseState.REFERRED: "referred",
        CaseState.NOT_A_CLAIM: "not a claim",
        CaseState.REOPENED: "reopened",
        CaseState.MERGED: "merged into another case",
    },
    records={
        "parties": "employers and projects (name, class, officers responsible)",
        "audit": "lines of the audit (which officer opened or changed what, and when)",
        "report_editions": "stored reports (figures and employers only)",
        "labels": "results of review (was the reading right; no text)",
        "removals": "addresses that are not read any more on request (the site's number only)",
        "holds": "holds in force, which keep texts of running cases past their time",
    },
    forgotten="Forgotten already, only these counts are left:",
    forgotten_names={
        Forgotten.CLOSED: "texts of cases struck off",
        Forgotten.NOT_A_CLAIM: "texts of cases found to be no claim",
        Forgotten.NO_CLAIM: "texts in no case",
        Forgotten.REMOVAL: "texts removed on request",
        Forgotten.MESSAGE: "alerts sent (words and address)",
        Forgotten.ISSUE: "closed issues",
        Forgotten.SIGN_IN: "expired one-time sign-ins",
    },
    retention=(
        "Texts of a case: {closed_texts} days after it is struck off; as long as it runs they are kept.",
        "Texts of a case found to be no claim: {not_a_claim_texts} days after that decision.",
        "Texts in no case: {no_claim_texts} days after they were read.",
        "What an alert said and to which address: {sent_messages} days.",
        "Issues of sources: {closed_issues} days after they are closed.",
        "A running case may be held, with a reason and an end, {longest_hold} days at the most.",
        "The case itself (employer, project, place, number, sum, steps) holds no text and is kept as the archive's rules say.",
        "The audit holds no text, is only added to, and is kept with the cases.",
        "The site's own numbers stay, so that what was forgotten is not read again; counts stay.",
        "Logs hold no text and rotate by size.",
    ),
    backups=(
        "A backup is a copy of the database of its day: texts (masked) that were not over their time, and no author.",
        "The program keeps no backups by itself; the administrator rotates them within {closed_texts} days, the time of texts of cases struck off.",
        "After a restore the program at once forgets again what is over its time or was removed on request since.",
    ),
    roles="Users have one of these roles: {roles}.",
    seen_by=(
        "Only officers who have signed in can open a text.",
        "What leaves for an employer or another body is written anew from the case, without the text.",
        "An alert carries employer or project, place, number, sum, urgency and a link to acknowledge it; no text.",
        "Other programs, by token, read what is recorded of cases and employers; no text.",
    ),
    audit=(
        "Opening a masked text, searching, reviewing, exporting, signing in, changing, and every read by another program leave a line in the audit: which officer, when, which case.",
        "Its lines are chained: one that is changed or taken out is noticed. Numbers and lone names in what was searched for are masked before they are kept. There is no search by person.",
    ),
    referred="Cases are referred to these only: {bodies}.",
    removal=(
        "Whoever wrote a text, or is mentioned in it, may ask: the page's address is enough; no reason and no proof is asked.",
        "An officer does it on the case's page: the text goes at once, and that message (or the whole thread) is not read again.",
        "Only the site's number and the officer are kept; who asked is not. Under a hold the reason and its end are told, and it goes then.",
        "The page itself is its site's; we neither delete it nor ask for it.",
    ),
    may_remove="Done by: {roles}. Contact: {contact}",
    why="Why: {why}",
    refusals={
        "sign_in": (
            "Only public pages that need no sign-in are read: no sign-in, no captcha, no proxies, no private groups; robots.txt is kept.",
            "What needs a sign-in was not said to everybody; getting around a site's limits is breaking in.",
        ),
        "author": (
            "Who wrote is not kept: name, account, avatar, IP and home place are dropped before the first write; telephones, identity and card numbers, plates, accounts, home addresses and introduced names are masked.",
            "The subject is an employer, a project and a sum, never a speaker; what is kept will be asked for.",
        ),
        "protest": (
            "The order comes from how many are unpaid, how much, how long, deadlines and danger to life; words about gathering, petition, press or court change nothing, and there is no field, label, count or report of them.",
            "Whoever is treated differently for speaking stops speaking, and then nobody is found.",
        ),
        "route": (
            "Cases go only to bodies that can get the wages paid, and to the court, arbitration, legal aid and the union; the list is closed.",
            "Given to those whose business is the post, the post disappears and the wages do not come.",
        ),
        "role": (
            "Roles are a closed list, each serves getting wages paid; none has the post as its business.",
            "Whoever can read a text must be able to help.",
        ),
        "label": (
            "No deletion is asked for; there is no label for rumour, malice or agitation, and no place for one.",
            "Whether it is true is answered by looking at the wages, not by labelling people.",
        ),
        "posting": (
            "Nothing is posted or answered by the program, and nobody is represented by it; an officer writes and signs public answers.",
            "Nobody answers for a machine's word.",
        ),
        "person": (
            "No file is kept of anybody; two messages are never joined because one person wrote them; what is over its time is forgotten.",
            "All that a person ever said, side by side, is a file; the employer who does not pay is to have one.",
        ),
    },
    spans={86_400: "{} days", 3_600: "{} hours", 60: "{} minutes", 1: "{} seconds"},
)

LANGUAGES: Mapping[str, Words] = {"zh": CHINESE, "en": ENGLISH}
