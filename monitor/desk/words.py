"""The words of files that leave the bureau: Chinese, whatever the language of the pages."""

from collections.abc import Mapping

from monitor.domain import CaseState, ReferralBody, UrgencyLevel

STATE_WORDS: Mapping[str, str] = {
    CaseState.NEW.value: "待处置",
    CaseState.ACCEPTED.value: "已受理",
    CaseState.ORDERED.value: "已责令支付",
    CaseState.PAID.value: "已支付，待销号",
    CaseState.CLOSED.value: "已销号",
    CaseState.REFERRED.value: "已转办",
    CaseState.NOT_A_CLAIM.value: "不属欠薪",
    CaseState.REOPENED.value: "重新打开",
    CaseState.MERGED.value: "已并入其他线索",
}
LEVEL_WORDS: Mapping[str, str] = {
    str(int(UrgencyLevel.CRITICAL)): "特急",
    str(int(UrgencyLevel.HIGH)): "紧急",
    str(int(UrgencyLevel.RAISED)): "较急",
    str(int(UrgencyLevel.ROUTINE)): "一般",
}
BODY_WORDS: Mapping[str, str] = {
    ReferralBody.HOUSING_AND_CONSTRUCTION.value: "住房和城乡建设部门",
    ReferralBody.TRANSPORT.value: "交通运输部门",
    ReferralBody.WATER.value: "水利部门",
    ReferralBody.EDUCATION.value: "教育部门",
    ReferralBody.HEALTH.value: "卫生健康部门",
    ReferralBody.STATE_ASSETS.value: "国有资产监管部门",
    ReferralBody.OTHER_INSPECTORATE.value: "其他地区劳动保障监察机构",
    ReferralBody.ARBITRATION.value: "劳动人事争议仲裁机构",
    ReferralBody.COURT.value: "人民法院",
    ReferralBody.LEGAL_AID.value: "法律援助机构",
    ReferralBody.UNION.value: "工会",
    ReferralBody.POLICE_REFUSAL_TO_PAY.value: "公安机关（涉嫌拒不支付劳动报酬罪）",
}
OTHER_WORDS: Mapping[str, str] = {
    "employer": "用人单位",
    "project": "项目",
    "part:unknown": "未核实",
    "part:general_contractor": "施工总承包单位",
    "part:subcontractor": "分包单位",
    "part:labour_firm": "劳务公司",
    "part:owner": "建设单位",
    "part:other": "其他用人单位",
    "by_employer": "用人单位支付",
    "by_general_contractor": "总承包单位先行清偿",
    "by_wage_deposit": "工资保证金支付",
    "by_emergency_fund": "应急周转金垫付",
}
WORDS: Mapping[str, str] = {**STATE_WORDS, **LEVEL_WORDS, **BODY_WORDS, **OTHER_WORDS}
"""What files that leave the bureau say; they are Chinese whatever the language of the pages."""
