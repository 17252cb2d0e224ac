"""The words of a report: names of closed lists, figures, differences. Pure."""

import re
from datetime import datetime

from monitor.domain import (
    SHANGHAI,
    CaseState,
    CaseStep,
    DocumentKind,
    DutyRole,
    ReferralBody,
    UrgencyLevel,
)
from monitor.reports.nouns import Against, Figure, Unit
from monitor.reports.rates import Comparison, Verdict

KIND_NAMES = {
    DocumentKind.CLAIM: "反映欠薪",
    DocumentKind.THIRD_PARTY: "他人转述欠薪",
    DocumentKind.PAID: "已发工资",
    DocumentKind.QUESTION: "政策咨询",
    DocumentKind.OTHER_DEBT: "非工资款项",
    DocumentKind.UNRELATED: "无关",
}
LEVEL_NAMES = {
    UrgencyLevel.CRITICAL: "特急",
    UrgencyLevel.HIGH: "紧急",
    UrgencyLevel.RAISED: "较急",
    UrgencyLevel.ROUTINE: "一般",
}
STATE_NAMES = {
    CaseState.NEW: "待处置",
    CaseState.ACCEPTED: "已受理",
    CaseState.ORDERED: "已责令支付",
    CaseState.PAID: "已支付，待销号",
    CaseState.REFERRED: "已转办",
    CaseState.REOPENED: "重新打开",
    CaseState.CLOSED: "已销号",
    CaseState.NOT_A_CLAIM: "不属欠薪",
    CaseState.MERGED: "已并入其他线索",
}
DUTY_NAMES = {
    DutyRole.OFFICER: "值班员",
    DutyRole.BACKUP: "备班",
    DutyRole.LEADER: "带班领导",
    DutyRole.BUREAU_LEADER: "局领导",
}
ISSUE_NAMES = {
    "S401": "没有应答",
    "S402": "地址不许读",
    "S403": "版面与规则不符",
    "S404": "要登录才能看",
    "S405": "出了验证页",
    "S406": "条目已删除",
    "S407": "文字编码读不了",
    "S408": "与来源文件的约定不符",
    "S409": "robots.txt 不许读",
    "S410": "有一段没有读到",
    "S411": "内容过大",
    "S412": "网站报错",
    "S413": "证书无法核实",
    "S414": "太久没有新内容",
    "S415": "已搬到别的地址",
    "S416": "条目多次读不了",
    "S420": "存不进数据库",
    "S499": "程序出错",
    "P501": "有文书无法判读",
    "P502": "有文书无法归案",
    "J501": "处理步骤出错",
    "J502": "处理步骤出错",
    "A401": "渠道发送失败",
}
STEP_NAMES = {
    CaseStep.ACCEPT: "受理",
    CaseStep.REFER: "转办",
    CaseStep.NOT_A_CLAIM: "判定不属欠薪",
    CaseStep.ORDER: "责令支付",
    CaseStep.RECORD_PAID: "登记已支付",
    CaseStep.CLOSE: "销号",
    CaseStep.REOPEN: "重新打开",
}
BODY_NAMES = {
    ReferralBody.HOUSING_AND_CONSTRUCTION: "住房和城乡建设部门",
    ReferralBody.TRANSPORT: "交通运输部门",
    ReferralBody.WATER: "水利部门",
    ReferralBody.EDUCATION: "教育部门",
    ReferralBody.HEALTH: "卫生健康部门",
    ReferralBody.STATE_ASSETS: "国有资产监管部门",
    ReferralBody.OTHER_INSPECTORATE: "其他地区劳动保障监察机构",
    ReferralBody.ARBITRATION: "劳动人事争议仲裁机构",
    ReferralBody.COURT: "人民法院",
    ReferralBody.LEGAL_AID: "法律援助机构",
    ReferralBody.UNION: "工会",
    ReferralBody.POLICE_REFUSAL_TO_PAY: "公安机关（涉嫌拒不支付劳动报酬罪）",
}
NOT_RECORDED = "没有记录"
NOT_SAID = "（没有写明）"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def clean(text: str | None) -> str:
    """A name as one line without control characters, which no file format takes."""
    return " ".join(_CONTROL.sub(" ", text or "").split())


def format_number(value: float) -> str:
    """Write a number with at most one decimal."""
    return f"{value:,.1f}".removesuffix(".0")


def format_figure(value: float | None, unit: Unit) -> str:
    """Write a figure with its unit; 无 where it could not be counted."""
    if value is None:
        return "无"
    if unit is Unit.YUAN:
        return format_yuan(value)
    return f"{format_number(value)}{'' if unit is Unit.PERCENT else ' '}{unit}"


def show_figure(figure: Figure) -> str:
    """Write a figure, or why there is none."""
    if figure.value is None and figure.why_none:
        return figure.why_none
    return format_figure(figure.value, figure.unit)


def format_difference(figure: Figure, last: str = "上周") -> str:
    """Say how a figure differs from the period before, and no more; empty where nothing can be."""
    difference = figure.difference
    if difference is None or _is_not_comparable(figure):
        return ""
    if not difference:
        return f"与{last}相同"
    more = "多" if difference > 0 else "少"
    return f"比{last}{more} {format_figure(abs(difference), figure.unit)}"


def compare(figure: Figure, last: str = "上周", *, with_title: bool = True) -> str:
    """Write a figure and, where the period before can be compared, the difference."""
    said = show_figure(figure)
    if with_title:
        said = f"{figure.title} {said}"
    difference = format_difference(figure, last)
    return f"{said}，{difference}" if difference else said


def _is_not_comparable(figure: Figure) -> bool:
    """A gap of the watch stands between the two: even a plain difference would mislead."""
    found = figure.comparisons.get(Against.BEFORE)
    return found is not None and found.verdict is Verdict.NOT_COMPARABLE


def tell_comparison(comparison: Comparison, against: str, unit: Unit) -> str:
    """Say what two rates allow to be said: a rise only where the interval lies above 1."""
    if comparison.verdict is Verdict.NOT_COMPARABLE:
        return f"与{against}不作升降比较：{comparison.why_not}"
    then = f"{comparison.then.count:,} {unit}"
    interval = format_interval(comparison)
    match comparison.verdict:
        case Verdict.RISE:
            return f"比{against}（{then}）上升，{interval}"
        case Verdict.FALL:
            return f"比{against}（{then}）下降，{interval}"
        case _:
            return f"与{against}（{then}）相比，{interval}，不足以说明升降"


def format_interval(comparison: Comparison) -> str:
    """Write the ratio of two rates with its interval."""
    share = f"{comparison.confidence:.0%}"
    ratio = "无法算出" if comparison.ratio is None else f"{comparison.ratio:.2f}"
    if comparison.low is None:
        return f"比值{ratio}"
    high = "不限" if comparison.high is None else f"{comparison.high:.2f}"
    return f"按每小时值守计是其 {ratio} 倍（{share} 区间 {comparison.low:.2f} 至 {high}）"


def format_yuan(amount: float) -> str:
    """Write a sum of yuan exactly."""
    return f"{amount:,.2f}".removesuffix(".00") + " 元"


def format_moment(at: datetime) -> str:
    """Write an instant for people in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def format_share(share: float) -> str:
    """Write a share in [0, 1] as per cent."""
    return f"{share * 100:.1f}%"
