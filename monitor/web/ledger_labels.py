"""The words for the closed lists of the ledger; translated when shown."""

from collections.abc import Mapping
from enum import Enum

from monitor.casework import (
    ClockKind,
    DeliveryWay,
    OfferAnswer,
    PartyClass,
    PartyKind,
    PartyPart,
    PatrolResult,
    ReferralResult,
    WhoseMoney,
    WitnessKind,
)
from monitor.errors import mark

LEDGER_LABELS: Mapping[type[Enum], Mapping[Enum, str]] = {
    DeliveryWay: {
        DeliveryWay.IN_PERSON: mark("直接送达"),
        DeliveryWay.LEFT: mark("留置送达"),
        DeliveryWay.POST: mark("邮寄送达"),
        DeliveryWay.ELECTRONIC: mark("电子送达"),
        DeliveryWay.PUBLIC_NOTICE: mark("公告送达"),
    },
    WhoseMoney: {
        WhoseMoney.EMPLOYER: mark("用人单位支付"),
        WhoseMoney.GENERAL_CONTRACTOR: mark("总承包单位先行清偿"),
        WhoseMoney.WAGE_DEPOSIT: mark("工资保证金支付"),
        WhoseMoney.EMERGENCY_FUND: mark("应急周转金垫付"),
    },
    WitnessKind: {
        WitnessKind.WORKERS_WORD: mark("劳动者回访确认"),
        WitnessKind.SECOND_OFFICER: mark("另一名人员复核"),
    },
    ReferralResult: {
        ReferralResult.PAID: mark("已支付"),
        ReferralResult.BEING_HANDLED: mark("正在办理"),
        ReferralResult.RETURNED: mark("退回"),
    },
    OfferAnswer: {
        OfferAnswer.ACCEPTED: mark("已接收"),
        OfferAnswer.DECLINED: mark("已退回"),
        OfferAnswer.WITHDRAWN: mark("已撤回"),
    },
    ClockKind: {
        ClockKind.ACCEPT: mark("受理期限（内部时钟）"),
        ClockKind.INVESTIGATE: mark("调查期限"),
        ClockKind.CAMPAIGN: mark("冬季行动清零期限"),
        ClockKind.PAY_ORDER: mark("责令支付期限"),
        ClockKind.LISTED: mark("挂牌督办期限"),
    },
    PartyKind: {
        PartyKind.EMPLOYER: mark("用人单位"),
        PartyKind.PROJECT: mark("项目"),
    },
    PartyPart: {
        PartyPart.UNKNOWN: mark("尚未核实"),
        PartyPart.GENERAL_CONTRACTOR: mark("施工总承包单位"),
        PartyPart.SUBCONTRACTOR: mark("分包单位"),
        PartyPart.LABOUR_FIRM: mark("劳务公司"),
        PartyPart.OWNER: mark("建设单位"),
        PartyPart.OTHER: mark("其他用人单位"),
    },
    PartyClass: {
        PartyClass.A: mark("A 类（每月巡查）"),
        PartyClass.B: mark("B 类（每周巡查）"),
        PartyClass.C: mark("C 类（专人盯办）"),
    },
    PatrolResult: {
        PatrolResult.IN_ORDER: mark("正常"),
        PatrolResult.TO_MEND: mark("责令整改"),
        PatrolResult.ARREARS: mark("发现欠薪"),
    },
}
