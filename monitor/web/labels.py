"""The words that people read for each member of a closed list; translated when shown."""

from collections.abc import Mapping
from enum import Enum

from monitor.desk.report_views import ReportForm
from monitor.desk.views import AgeBand, CodeState, WaitingGroup
from monitor.desk.watch_views import SourceState
from monitor.domain import (
    AlertReason,
    AlertState,
    Basis,
    CaseState,
    CaseStep,
    DeliveryState,
    DocumentKind,
    DocumentRole,
    DutyRole,
    ReferralBody,
    Role,
    Sentiment,
    Through,
    UrgencyLevel,
)
from monitor.duty_nouns import CallOff, DayKind, SwapState
from monitor.errors import mark
from monitor.web.ledger_labels import LEDGER_LABELS

LABELS: Mapping[type[Enum], Mapping[Enum, str]] = {
    **LEDGER_LABELS,
    CaseState: {
        CaseState.NEW: mark("待处置"),
        CaseState.ACCEPTED: mark("已受理"),
        CaseState.ORDERED: mark("已责令支付"),
        CaseState.PAID: mark("已支付，待销号"),
        CaseState.CLOSED: mark("已销号"),
        CaseState.REFERRED: mark("已转办"),
        CaseState.NOT_A_CLAIM: mark("不属欠薪"),
        CaseState.REOPENED: mark("重新打开"),
        CaseState.MERGED: mark("已并入其他线索"),
    },
    UrgencyLevel: {
        UrgencyLevel.CRITICAL: mark("特急"),
        UrgencyLevel.HIGH: mark("紧急"),
        UrgencyLevel.RAISED: mark("较急"),
        UrgencyLevel.ROUTINE: mark("一般"),
    },
    WaitingGroup: {
        WaitingGroup.UNACKNOWLEDGED: mark("待确认"),
        WaitingGroup.UNDECIDED: mark("待处置"),
        WaitingGroup.OVERDUE: mark("已超时"),
        WaitingGroup.MINE: mark("我承办的"),
    },
    AgeBand: {
        AgeBand.UNDER_AN_HOUR: mark("1 小时内"),
        AgeBand.UNDER_A_DAY: mark("1 天内"),
        AgeBand.UNDER_A_WEEK: mark("1 周内"),
        AgeBand.OLDER: mark("超过 1 周"),
    },
    ReferralBody: {
        ReferralBody.HOUSING_AND_CONSTRUCTION: mark("住房和城乡建设部门"),
        ReferralBody.TRANSPORT: mark("交通运输部门"),
        ReferralBody.WATER: mark("水利部门"),
        ReferralBody.EDUCATION: mark("教育部门"),
        ReferralBody.HEALTH: mark("卫生健康部门"),
        ReferralBody.STATE_ASSETS: mark("国有资产监管部门"),
        ReferralBody.OTHER_INSPECTORATE: mark("其他地区劳动保障监察机构"),
        ReferralBody.ARBITRATION: mark("劳动人事争议仲裁机构"),
        ReferralBody.COURT: mark("人民法院"),
        ReferralBody.LEGAL_AID: mark("法律援助机构"),
        ReferralBody.UNION: mark("工会"),
        ReferralBody.POLICE_REFUSAL_TO_PAY: mark("公安机关（涉嫌拒不支付劳动报酬罪）"),
    },
    CaseStep: {
        CaseStep.ACCEPT: mark("受理"),
        CaseStep.REFER: mark("转办"),
        CaseStep.NOT_A_CLAIM: mark("判定不属欠薪"),
        CaseStep.ORDER: mark("责令支付"),
        CaseStep.RECORD_PAID: mark("登记支付"),
        CaseStep.CLOSE: mark("销号"),
        CaseStep.REOPEN: mark("重新打开"),
        CaseStep.MERGE: mark("并入其他线索"),
    },
    Role: {
        Role.ANALYST: mark("分析员（只读）"),
        Role.DUTY_OFFICER: mark("值班员"),
        Role.CASE_OFFICER: mark("承办人"),
        Role.REVIEWER: mark("复核员"),
        Role.LEADER: mark("带班领导"),
        Role.ADMINISTRATOR: mark("管理员"),
    },
    DutyRole: {
        DutyRole.OFFICER: mark("值班员"),
        DutyRole.BACKUP: mark("备班"),
        DutyRole.LEADER: mark("带班领导"),
        DutyRole.BUREAU_LEADER: mark("局领导"),
    },
    AlertState: {
        AlertState.DUE: mark("待发送"),
        AlertState.SENT: mark("已发出，待确认"),
        AlertState.ACKNOWLEDGED: mark("已确认"),
        AlertState.CALLED_OFF: mark("已撤回"),
        AlertState.GIVEN_UP: mark("未能送达"),
    },
    AlertReason: {
        AlertReason.CASE_OPENED: mark("新线索"),
        AlertReason.CASE_WORSENED: mark("情况加重"),
        AlertReason.CASE_REOPENED: mark("重新打开"),
        AlertReason.DEADLINE_NEAR: mark("期限将到或已过"),
        AlertReason.TEST: mark("测试消息"),
        AlertReason.SOURCE_FAULT: mark("来源异常"),
        AlertReason.CANARY: mark("全程自检"),
        AlertReason.REPORT: mark("报告已出"),
        AlertReason.CASE_UNTOUCHED: mark("久未处置"),
        AlertReason.ROSTER_TROUBLE: mark("值班表有缺"),
        AlertReason.SWAP_PROPOSED: mark("请您换班"),
        AlertReason.HANDOVER_OPEN: mark("交接班未完成"),
        AlertReason.VISITS_DUE: mark("巡查到期"),
    },
    ReportForm: {
        ReportForm.PAGE: mark("网页（打印）"),
        ReportForm.PAPER: mark("Word 文档"),
        ReportForm.TABLES: mark("数据表"),
        ReportForm.PUBLIC: mark("公开版网页"),
    },
    DeliveryState: {
        DeliveryState.DUE: mark("待发送"),
        DeliveryState.SENT: mark("渠道已接收"),
        DeliveryState.FAILED: mark("发送失败"),
        DeliveryState.CALLED_OFF: mark("已撤回"),
    },
    Through: {
        Through.LINK: mark("告警链接"),
        Through.DESK: mark("值班台"),
        Through.SMS_REPLY: mark("短信回复"),
        Through.BUTTON: mark("卡片按钮"),
    },
    CallOff: {
        CallOff.MERGED: mark("线索已并入另一条"),
        CallOff.CLOSED: mark("线索已销号"),
        CallOff.NOT_A_CLAIM: mark("线索判定为不属欠薪"),
        CallOff.REPLACED: mark("已改发更新的告警"),
        CallOff.OVER: mark("事由已消除"),
    },
    SwapState: {
        SwapState.PROPOSED: mark("等对方答复"),
        SwapState.AGREED: mark("双方已确认"),
        SwapState.DECLINED: mark("已回绝"),
        SwapState.WITHDRAWN: mark("已撤回"),
        SwapState.EXPIRED: mark("已过期"),
    },
    DayKind: {
        DayKind.EVERY: mark("每天"),
        DayKind.WORKDAY: mark("工作日"),
        DayKind.REST: mark("休息日"),
    },
    CodeState: {
        CodeState.OPEN: mark("待确认"),
        CodeState.ACKNOWLEDGED: mark("已确认"),
        CodeState.CALLED_OFF: mark("已撤回"),
        CodeState.EXPIRED: mark("链接已过期"),
    },
    SourceState: {
        SourceState.WELL: mark("正常"),
        SourceState.STARTING: mark("尚未读取"),
        SourceState.QUIET: mark("久无新内容"),
        SourceState.FAILING: mark("读取失败"),
        SourceState.OFF: mark("已停用"),
    },
    Basis: {
        Basis.ADDRESSED_TO_AUTHORITY: mark("群众写给政府部门的公开留言"),
        Basis.HELP_SECTION: mark("本地论坛的公开求助版块"),
        Basis.NEWS: mark("公开新闻"),
    },
    DocumentKind: {
        DocumentKind.CLAIM: mark("反映欠薪"),
        DocumentKind.THIRD_PARTY: mark("他人转述欠薪"),
        DocumentKind.PAID: mark("已发工资"),
        DocumentKind.QUESTION: mark("政策咨询"),
        DocumentKind.OTHER_DEBT: mark("非工资款项"),
        DocumentKind.UNRELATED: mark("无关"),
    },
    DocumentRole: {
        DocumentRole.POST: mark("帖子"),
        DocumentRole.REPLY: mark("回帖"),
        DocumentRole.LETTER: mark("来信"),
        DocumentRole.ANSWER: mark("答复"),
        DocumentRole.ARTICLE: mark("报道"),
    },
    Sentiment: {
        Sentiment.DISTRESS: mark("困难急迫"),
        Sentiment.COMPLAINT: mark("反映不满"),
        Sentiment.NEUTRAL: mark("平述"),
        Sentiment.THANKS: mark("致谢"),
    },
}
"""For every closed list that a page shows, a label for every member."""

FACT_LABELS: Mapping[str, str] = {
    "employer": mark("用人单位"),
    "project": mark("项目"),
    "place": mark("地点"),
    "sector": mark("行业"),
    "workers": mark("人数"),
    "amount_yuan": mark("金额"),
    "owed_from": mark("欠薪起月"),
    "owed_to": mark("欠薪止月"),
    "months": mark("欠薪月数"),
    "public_project": mark("政府或国企项目"),
    "employer_fled": mark("单位负责人失联"),
    "danger_to_life": mark("有人身危险"),
}
"""The facts that a reading may hold, in the order in which a page shows them."""

ACTION_LABELS: Mapping[str, str] = {
    "opened": mark("登记线索"),
    "revision": mark("原文有修改"),
    "same_party": mark("同一单位的消息并入"),
    "same_sum": mark("人数和金额相同的消息并入"),
    "same_text": mark("内容相同的消息并入"),
    "same_thread": mark("同一帖子的消息并入"),
    "said_paid": mark("有消息说已发工资"),
    "acknowledged": mark("确认"),
    "accept": mark("受理"),
    "refer": mark("转办"),
    "not_a_claim": mark("判定不属欠薪"),
    "order": mark("责令支付"),
    "record_paid": mark("登记支付"),
    "close": mark("销号"),
    "reopen": mark("重新打开"),
    "merge": mark("并入其他线索"),
    "first_asked": mark("首问负责"),
    "said_not_paid": mark("有消息说没有拿到钱"),
    "became_large": mark("达到重大线索标准"),
    "delivered": mark("责令支付文书已送达"),
    "part_paid": mark("登记部分支付"),
    "payment_voided": mark("作废一笔支付登记"),
    "workers_word": mark("劳动者确认已收到"),
    "second_officer": mark("第二人复核支付"),
    "referral_noted": mark("登记转办告知或回执"),
    "referral_result": mark("登记转办结果"),
    "offered": mark("请他人接收"),
    "offer_accepted": mark("接收移交"),
    "offer_declined": mark("退回移交"),
    "offer_withdrawn": mark("撤回移交"),
    "corrected": mark("核实并更正"),
    "merged_in": mark("并入一条线索"),
    "split": mark("拆出一条线索"),
    "split_off": mark("由另一条线索拆出"),
    "team_set": mark("组成专班、挂牌督办"),
    "extended": mark("批准延长办理期限"),
    "deadline_near": mark("提醒期限"),
    "removed": mark("应要求删除原文"),
    "held": mark("登记保留"),
    "hold_lifted": mark("解除保留"),
}
"""What happened to a case: the reasons of `monitor.cases.Because`, the steps, and acknowledging."""

FAULT_NAMES: Mapping[str, str] = {
    "S400": mark("读取出错"),
    "S401": mark("网站没有应答"),
    "S402": mark("转到了内网地址"),
    "S403": mark("页面版式变了"),
    "S404": mark("要求登录"),
    "S405": mark("出现验证页"),
    "S406": mark("内容已删除"),
    "S407": mark("字符集变了"),
    "S408": mark("读到的内容与约定不符"),
    "S409": mark("robots.txt 不许读"),
    "S410": mark("两次读取之间有空白"),
    "S411": mark("页面过大"),
    "S412": mark("网站出错"),
    "S413": mark("证书无法验证"),
    "S414": mark("安静得反常"),
    "S415": mark("转到了别处"),
    "S416": mark("有内容一直读不出"),
    "S417": mark("列表空了"),
    "S418": mark("时间读不对"),
    "S419": mark("浏览器打不开"),
    "S420": mark("数据库忙或已满"),
    "S499": mark("程序出错"),
    "C501": mark("自检消息没有走完全程"),
}
"""The ways in which a source goes quiet (`spiders.faults`), as a page names them."""

ROLE_NAMES: Mapping[str, str] = {
    "collect": mark("采集"),
    "browser": mark("采集（浏览器）"),
    "work": mark("研判与告警"),
    "desk": mark("值班台"),
}
"""The processes of the software."""

WEEKDAYS = (
    mark("星期一"),
    mark("星期二"),
    mark("星期三"),
    mark("星期四"),
    mark("星期五"),
    mark("星期六"),
    mark("星期日"),
)
"""Monday first, as `date.weekday` counts."""

CHANNEL_KINDS: Mapping[str, str] = {
    "terminal": mark("终端"),
    "email": mark("电子邮件"),
    "wecom_bot": mark("企业微信群机器人"),
    "wecom_app": mark("企业微信应用"),
    "dingtalk": mark("钉钉群机器人"),
    "feishu": mark("飞书群机器人"),
    "sms_aliyun": mark("短信（阿里云）"),
    "sms_tencent": mark("短信（腾讯云）"),
    "webhook": mark("签名 webhook"),
}
"""The kinds of channels of the settings."""
