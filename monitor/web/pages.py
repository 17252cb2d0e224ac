"""The pages that show: what waits, the ledger, one case, sources, duty."""

from typing import Annotated, Any

from litestar import get
from litestar.params import PathParameter
from litestar.response import Template

from monitor.casework import DeliveryWay, ReferralResult, WhoseMoney
from monitor.desk.views import AgeBand, WaitingGroup
from monitor.domain import CaseState, CaseStep, ReferralBody, UrgencyLevel
from monitor.web.labels import FAULT_NAMES
from monitor.web.ledger_filter import parse_filter
from monitor.web.visit import Here, Visit

CaseNumber = Annotated[int, PathParameter(ge=1, le=2**53)]
"""A case's number in an address; the upper end keeps it inside what every database can hold."""

RowNumber = Annotated[int, PathParameter(ge=1, le=2**53)]
"""The number of an order, a payment, a party … in an address; as above."""

STEPS_WITH_A_FORM = frozenset(CaseStep)
MOST_TOWNS = 5
"""How many towns the first page's picture shows; the page of the towns shows all."""

LEVELS = tuple(sorted(UrgencyLevel, reverse=True))


@get("/", sync_to_thread=True)
def show_waiting(visit: Here) -> Template:
    """What waits for the person who is signed in."""
    office = visit.house.office
    return visit.page(
        "waiting.html",
        waiting=visit.desk.waiting(visit.person, visit.now),
        groups=tuple(WaitingGroup),
        levels=LEVELS,
        ages=tuple(AgeBand),
        duty=visit.desk.duty(visit.now),
        mine=office.mine(visit.person, visit.now) if office else None,
        towns=office.parties.count_by_town()[:MOST_TOWNS] if office else (),
    )


@get("/cases", sync_to_thread=True)
def list_cases(visit: Here) -> Template:
    """The ledger; the address holds the filter."""
    wanted = parse_filter(visit.request.query_params)
    return visit.page(
        "cases.html",
        wanted=wanted,
        cases=visit.desk.list_cases(wanted, visit.person, visit.now),
        states=tuple(CaseState),
        levels=LEVELS,
        groups=tuple(WaitingGroup),
        ages=tuple(AgeBand),
        kept=visit.house.office.books.list_filters(visit.person) if visit.house.office else (),
    )


@get("/cases/{case_id:int}", sync_to_thread=True)
def show_case(visit: Here, case_id: CaseNumber) -> Template:
    """One case: its facts, why the model said so, its documents, history, alerts and acts."""
    view = visit.desk.get_case(case_id, visit.person, visit.now)
    return visit.page(
        "case.html",
        view=view,
        case=view.file.case,
        offered=view.allowed & STEPS_WITH_A_FORM,
        bodies=tuple(ReferralBody),
        **lists_of_life(visit, case_id),
    )


def lists_of_life(visit: Visit, case_id: int) -> dict[str, Any]:
    """What the forms of a case's life choose from; `life` is None where no ledger is served."""
    office = visit.house.office
    return {
        "life": office.casework.view_life(case_id, visit.person, visit.now) if office else None,
        "ways": tuple(DeliveryWay),
        "moneys": tuple(WhoseMoney),
        "results": tuple(ReferralResult),
    }


@get("/sources", sync_to_thread=True)
def show_sources(visit: Here) -> Template:
    """How every source is doing, and every open issue."""
    sources = visit.desk.sources(visit.now)
    return visit.page(
        "sources.html",
        sources=sources,
        issues=visit.desk.open_issues(),
        titles={view.source.name: view.source.title for view in sources},
        fault_names=FAULT_NAMES,
    )


@get("/duty", sync_to_thread=True)
def show_duty(visit: Here) -> Template:
    """Who is on duty, and the signs of life of the software itself."""
    duty = visit.desk.duty(visit.now)
    return visit.page("duty.html", duty=duty, roles=visit.desk.roles(visit.now))


PAGES = [show_waiting, list_cases, show_case, show_sources, show_duty]
