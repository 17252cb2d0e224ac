"""The words of a report: names of closed lists, figures, differences. Pure."""

import re
from datetime import datetime

from monitor.domain import SHANGHAI, CaseState, DocumentKind, DutyRole, UrgencyLevel
from monitor.reports.nouns import Figure, Unit

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
NOT_SAID = "（没有写明）"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def clean(text: str | None) -> str:
    """A name as one line without control characters, which no file format takes."""
    return " ".join(_CONTROL.sub(" ", text or "").split())


def format_figure(value: float | None, unit: Unit) -> str:
    """Write a figure with its unit; 无 where it could not be counted."""
    if value is None:
        return "无"
    return (
        format_yuan(value) if unit is Unit.YUAN else f"{value:,.1f}".removesuffix(".0") + f" {unit}"
    )


def format_difference(figure: Figure) -> str:
    """Say how a figure differs from the week before, and no more; empty where it cannot be said."""
    difference = figure.difference
    if difference is None:
        return ""
    if not difference:
        return "与上周相同"
    more = "多" if difference > 0 else "少"
    return f"比上周{more} {format_figure(abs(difference), figure.unit)}"


def compare(figure: Figure, *, with_title: bool = True) -> str:
    """Write a figure and, where the week before can be compared, the difference."""
    said = format_figure(figure.value, figure.unit)
    if with_title:
        said = f"{figure.title} {said}"
    return said if figure.difference is None else f"{said}，{format_difference(figure)}"


def format_yuan(amount: float) -> str:
    """Write a sum of yuan exactly."""
    return f"{amount:,.2f}".removesuffix(".00") + " 元"


def format_moment(at: datetime) -> str:
    """Write an instant for people in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
