"""The words for what the audit keeps: acts by their names, things as links (pure)."""

import re
from collections.abc import Mapping

from monitor.errors import mark
from monitor.web.labels import ACTION_LABELS

AUDIT_LABELS: Mapping[str, str] = {
    "api.read": mark("程序读取接口"),
    "case.acknowledged": mark("确认告警"),
    "case.viewed": mark("查看线索和消息"),
    "document.viewed": mark("查看消息"),
    "document.labelled": mark("复核研判"),
    "export.case": mark("导出线索文书"),
    "export.ledger": mark("导出台账"),
    "export.parties": mark("导出单位和项目"),
    "export.letter": mark("生成转办函和告知书"),
    "party.card": mark("填写基本情况和责任人"),
    "party.class": mark("指定等级"),
    "party.merged": mark("合并单位或项目"),
    "party.name": mark("添加其他名称"),
    "party.split": mark("拆开单位或项目"),
    "party.visited": mark("登记巡查结果"),
    "password.changed": mark("修改密码"),
    "search": mark("搜索"),
    "model.promoted": mark("启用模型"),
    "model.trained": mark("训练候选模型"),
    "model.undone": mark("撤销启用模型"),
    "model.viewed": mark("查看候选模型"),
    "removal.made": mark("应要求删除原文"),
    "retention.purge": mark("清除到期的原文和记录"),
    "source.added": mark("添加来源"),
    "source.not_added": mark("来源没有添加成"),
    "source.pages_saved": mark("存来源的样张"),
    "session.ended": mark("结束自己的登录"),
    "user.signed_out": mark("结束别人的登录"),
    "sign_in": mark("登录"),
    "sign_in.wrong_password": mark("现在的密码不对"),
    "sign_in.wrong_code": mark("验证码不对"),
    "sign_in.recovery": mark("用恢复码登录"),
    "recovery.made": mark("生成恢复码"),
    "token.made": mark("生成令牌"),
    "token.revoked": mark("作废令牌"),
    "roster.imported": mark("导入值班表"),
    "roster.changed": mark("调整值班表"),
    "roster.calendar": mark("给日历订阅地址"),
    "user.contacts": mark("修改通知渠道"),
    "user.added": mark("添加用户"),
    "user.changed": mark("修改用户"),
    "user.link": mark("给一次性登录地址"),
    "user.totp_reset": mark("清除第二因素"),
}
"""What is not an act on a case; those are `case.` and a word of `ACTION_LABELS`."""

SUBJECTS: Mapping[str, tuple[str, str]] = {
    "case": (mark("线索"), "/cases/"),
    "party": (mark("单位和项目"), "/parties/"),
    "document": (mark("消息"), ""),
    "user": (mark("用户"), ""),
    "token": (mark("令牌"), ""),
    "documents": (mark("消息"), ""),
    "ledger": (mark("台账"), "/cases"),
    "parties": (mark("单位和项目"), "/parties"),
    "file": (mark("文件"), ""),
    "model": (mark("模型"), ""),
    "retention": (mark("保存期限"), ""),
    "source": (mark("来源"), ""),
    "roster": (mark("值班表"), "/duty/roster"),
}
"""What a line is about: its word, and where its page stands."""

DETAILS: Mapping[str, str] = {
    "review": mark("在复核页"),
    "claim": mark("是欠薪"),
    "no_claim": mark("不是欠薪"),
    "password": mark("密码"),
    "one_time": mark("一次性登录地址"),
    "in_order": mark("正常"),
    "to_mend": mark("责令整改"),
    "arrears": mark("发现欠薪"),
}
"""The details that are words of ours; all others are what a person wrote."""


def find_action_word(action: str) -> str | None:
    """The Chinese words of an act, or None for one that is not known here."""
    if action in AUDIT_LABELS:
        return AUDIT_LABELS[action]
    return ACTION_LABELS.get(action.removeprefix("case."))


def find_subject(subject: str) -> tuple[str | None, str, str]:
    """The word for a thing (None: not known here), its name, and its address (may be empty)."""
    kind, parted, name = subject.partition(":")
    if kind not in SUBJECTS:
        return None, subject, ""
    word, address = SUBJECTS[kind]
    return word, name, f"{address}{name}" if address.endswith("/") and parted else ""


_SHOWN = re.compile(r"(?:(?:^|\s)document:\d+)+$")


def split_shown(detail: str) -> tuple[str, str]:
    """What a person wrote in a line, and the numbers of the messages that were shown for it."""
    found = _SHOWN.search(detail)
    if found is None:
        return detail, ""
    numbers = found[0].replace("document:", "").split()
    return detail[: found.start()], "、".join(numbers)
