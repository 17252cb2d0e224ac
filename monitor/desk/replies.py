"""Drafts of a public answer where a worker asked for help: to be changed and signed by a person.

A draft says how to complain, where and by which number. It quotes no message, names no worker, asks
nobody to delete anything, and is posted by nobody but an officer.
"""

from monitor.desk.words import WORDS
from monitor.domain import Case, CaseState


def draft_reply(case: Case, *, bureau: str, hotline: str) -> str:
    """Write a draft from the case alone (pure)."""
    about = case.project or case.employer
    subject = f"关于{about or ''}工资的问题"
    lines = [
        "您好！",
        f"{subject}，我们已经看到并登记。{_tell_state(case)}",
        "为尽快帮您和工友拿到工资，您可以：",
        f"1. 拨打 {hotline} 劳动保障热线，或到{bureau}窗口当面反映，不收费。",
        (
            "2. 准备能说明在哪里干活、干了多久、欠多少的材料，例如合同、考勤、工资条、转账记录；"
            "材料不全也可以先来。"
        ),
        "3. 在“全国根治欠薪线索反映平台”小程序提交线索。",
        "反映人的信息依法保密。办理情况我们会在这里继续答复。",
        f"{bureau}",
        "（经办人签名、日期）",
    ]
    return "\n".join(lines)


def _tell_state(case: Case) -> str:
    match case.state:
        case CaseState.REFERRED if case.referred_to is not None:
            return f"此事已转由{WORDS[case.referred_to.value]}办理，办理结果会告知您。"
        case CaseState.ORDERED:
            return "我们已依法责令支付。"
        case CaseState.PAID | CaseState.CLOSED:
            return "据我们核实，工资已经支付；如果您还没有拿到，请马上告诉我们。"
        case CaseState.NOT_A_CLAIM:
            return "经核实，此事可能不属于拖欠工资，我们会告诉您该找哪个部门。"
        case _:
            return "劳动保障监察人员正在核实。"
