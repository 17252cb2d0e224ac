"""Who must pay the wages of a case: suggestions to an officer, each with its article. Pure.

Source: State Council order 724 (保障农民工工资支付条例), in force since 2020-05-01: articles 16,
18, 20, 21, 29 to 32, 36, 37 and 63, read in public copies of the text; look for amendments before
use.
"""

from dataclasses import dataclass, replace

from monitor.casework import CaseDetails, Party, PartyPart
from monitor.errors import mark


@dataclass(frozen=True, slots=True)
class MustPay:
    """A suggestion to the officer: who pays, why, and the article. Never more than a suggestion.

    `is_known`: what the ledger knows of the parties fits; else an officer has to find out first
    whether it is so, and `why` begins with what to find out.
    """

    who: str
    why: str
    article: str
    is_known: bool = False


EMPLOYER = mark("用人单位")
GENERAL_CONTRACTOR = mark("施工总承包单位")
OWNER = mark("建设单位")

EMPLOYER_PAYS = MustPay(
    EMPLOYER,
    mark("用人单位拖欠的工资，由它自己依法清偿"),
    mark("《保障农民工工资支付条例》第十六条"),
    is_known=True,
)
SUBCONTRACTOR_OWES = MustPay(
    GENERAL_CONTRACTOR,
    mark("分包单位拖欠的，由总承包单位先行清偿，再依法追偿"),
    mark("《保障农民工工资支付条例》第三十条第三款"),
    is_known=True,
)
EMPLOYER_FLED = MustPay(
    mark("应急周转金"),
    mark("用人单位逃匿或一时难以支付的，可以动用应急周转金垫付部分工资或基本生活费，再依法追偿"),
    mark("《保障农民工工资支付条例》第六十三条"),
    is_known=True,
)
ON_A_SITE = (
    MustPay(
        GENERAL_CONTRACTOR,
        mark("工程转包的，由总承包单位先行清偿，再依法追偿"),
        mark("《保障农民工工资支付条例》第三十条第四款"),
    ),
    MustPay(
        OWNER,
        mark("没有按合同约定及时拨付工程款造成拖欠的，以未结清的工程款为限先行垫付"),
        mark("《保障农民工工资支付条例》第二十九条第二款"),
    ),
    MustPay(
        mark("建设单位或施工总承包单位"),
        mark("把工程发包、分包给个人或没有合法经营资格的单位造成拖欠的，由发出的一方清偿"),
        mark("《保障农民工工资支付条例》第三十六条第一款"),
    ),
    MustPay(
        mark("被挂靠的施工单位"),
        mark("允许他人以本单位名义承揽工程造成拖欠的，由本单位清偿"),
        mark("《保障农民工工资支付条例》第三十六条第二款"),
    ),
    MustPay(
        OWNER,
        mark("工程违反国土空间规划、工程建设等法律法规造成拖欠的，由建设单位清偿"),
        mark("《保障农民工工资支付条例》第三十七条"),
    ),
    MustPay(
        mark("工资保证金"),
        mark("总承包单位按规定存有工资保证金或保函的，专门用来支付本工程被拖欠的工资"),
        mark("《保障农民工工资支付条例》第三十二条"),
    ),
)
"""What to find out where wages are owed on a building site."""

ANYWHERE = (
    MustPay(
        mark("用工单位"),
        mark("工人由个人、没有合法经营资格的单位或没有劳务派遣许可证的单位派来的，由用工单位清偿"),
        mark("《保障农民工工资支付条例》第十八条"),
    ),
    MustPay(
        mark("出资人"),
        mark("合伙企业、个人独资企业、个体经济组织不清偿的，由出资人清偿"),
        mark("《保障农民工工资支付条例》第二十条"),
    ),
    MustPay(
        mark("合并或分立后的单位"),
        mark("用人单位合并或分立的，经与工人书面商定，由承继它权利义务的单位清偿"),
        mark("《保障农民工工资支付条例》第二十一条"),
    ),
)
"""What to find out of every employer."""

_ON_SITES = frozenset({PartyPart.GENERAL_CONTRACTOR, PartyPart.SUBCONTRACTOR, PartyPart.OWNER})
_NO_SUBCONTRACTOR = frozenset({PartyPart.GENERAL_CONTRACTOR, PartyPart.OWNER})


def suggest_who_pays(
    employer: Party | None, project: Party | None, details: CaseDetails
) -> list[MustPay]:
    """Suggest who must pay, each with its article: what fits first, then what to find out."""
    part = employer.card.part if employer else PartyPart.UNKNOWN
    is_site = project is not None or part in _ON_SITES
    # A labour firm away from a site sends people out, and is nobody's subcontractor.
    is_subcontractor = part is PartyPart.SUBCONTRACTOR or (
        part is PartyPart.LABOUR_FIRM and is_site
    )
    found = [SUBCONTRACTOR_OWES] if is_subcontractor else []
    found.append(replace(EMPLOYER_PAYS, who=employer.name) if employer else EMPLOYER_PAYS)
    if details.fled:
        found.append(EMPLOYER_FLED)
    if is_site and not is_subcontractor and part not in _NO_SUBCONTRACTOR:
        found.append(replace(SUBCONTRACTOR_OWES, is_known=False))
    return [*found, *(ON_A_SITE if is_site else ()), *ANYWHERE]
