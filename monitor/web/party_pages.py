"""Employers and projects: the list, one party with its forms, visits, the county by town."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Template

from monitor.casework import PartyCard, PartyClass, PartyKind, PartyPart, PatrolResult
from monitor.errors import mark
from monitor.storage.parties import PartyQuery
from monitor.web.ledger_filter import LONGEST_SEARCH, parse_choice, parse_page
from monitor.web.pages import RowNumber
from monitor.web.reading_forms import FormReader
from monitor.web.visit import Here, Visit


@dataclass(frozen=True, slots=True)
class PartyForm:
    """What the forms of a party send; each reads its own fields."""

    sector: str = ""
    town: str = ""
    public_money: str = ""
    part: str = ""
    local_leader: str = ""
    sector_officer: str = ""
    inspector: str = ""
    party_class: str = ""
    name: str = ""
    into: str = ""
    result: str = ""
    reason: str = ""


Form = URLEncodedBody[PartyForm]
_YES_NO = {"yes": True, "no": False}


@get("/parties", sync_to_thread=True)
def list_parties(visit: Here) -> Template:
    """Every employer and project, class C first."""
    asked = visit.request.query_params
    query = PartyQuery(
        kind=parse_choice(PartyKind, asked.get("kind", "")),
        party_class=parse_choice(PartyClass, asked.get("class", "")),
        town=clean(asked.get("town", "")),
        text=clean(asked.get("q", "")).strip(),
    )
    return visit.page(
        "parties.html",
        list=visit.office.parties.list_page(query, parse_page(asked.get("page", ""))),
        query=query,
        kinds=tuple(PartyKind),
        classes=tuple(PartyClass),
        due=visit.office.parties.due_patrols(visit.now),
    )


@get("/parties/{party_id:int}", sync_to_thread=True)
def show_party(visit: Here, party_id: RowNumber) -> Template:
    """One party."""
    return visit.page(
        "party.html",
        view=visit.office.parties.view(party_id, visit.person),
        parts_played=tuple(PartyPart),
        classes=tuple(PartyClass),
        results=tuple(PatrolResult),
    )


@get("/parties/{party_id:int}/same", sync_to_thread=True)
def show_same(visit: Here, party_id: RowNumber) -> Template:
    """The parties that this one may be the same as, to be searched and chosen from."""
    asked = visit.request.query_params
    text = clean(asked["q"]).strip() if "q" in asked else None
    page = parse_page(asked.get("page", ""))
    return visit.page(
        "party_same.html", view=visit.office.parties.find_same(party_id, text, page, visit.person)
    )


def clean(text: str) -> str:
    """Keep what can be looked for."""
    return "".join(each for each in text if each.isprintable())[:LONGEST_SEARCH]


@get("/towns", sync_to_thread=True)
def show_towns(visit: Here) -> Template:
    """Where the open cases are."""
    return visit.page("towns.html", towns=visit.office.parties.count_by_town())


@post("/parties/{party_id:int}/card", sync_to_thread=True)
def save_card(visit: Here, party_id: RowNumber, data: Form) -> Response[Any]:
    """Write what an officer says of a party."""
    read = FormReader(visit.language)

    def line(name: str, written: str) -> str:
        return read.text(name, written, longest=80, needed=False)

    card = PartyCard(
        sector=line(mark("行业"), data.sector),
        town=line(mark("乡镇（街道）"), data.town),
        public_money=_YES_NO.get(data.public_money),
        part=read.choice(mark("在工程中的角色"), PartyPart, data.part),
        local_leader=line(mark("属地责任领导"), data.local_leader),
        sector_officer=line(mark("行业监管员"), data.sector_officer),
        inspector=line(mark("劳动监察员"), data.inspector),
    )
    visit.office.parties.save_card(party_id, card, visit.person, visit.now)
    return back(visit, party_id)


@post("/parties/{party_id:int}/class", sync_to_thread=True)
def choose_class(visit: Here, party_id: RowNumber, data: Form) -> Response[Any]:
    """Set a class by hand; an empty choice gives it back to the rules."""
    read = FormReader(visit.language)
    chosen = parse_choice(PartyClass, data.party_class)
    reason = read.note(mark("定级理由"), data.reason)
    visit.office.parties.choose_class(party_id, chosen, reason, visit.person, visit.now)
    return back(visit, party_id)


@post("/parties/{party_id:int}/name", sync_to_thread=True)
def add_name(visit: Here, party_id: RowNumber, data: Form) -> Response[Any]:
    """Add another name."""
    name = FormReader(visit.language).text(mark("其他名称"), data.name, needed=True)
    visit.office.parties.add_name(party_id, name, visit.person, visit.now)
    return back(visit, party_id)


@post("/parties/{party_id:int}/merge", sync_to_thread=True)
def merge(visit: Here, party_id: RowNumber, data: Form) -> Response[Any]:
    """Say that this party is the same as another."""
    read = FormReader(visit.language)
    said = read.text(mark("合并到（名称或编号）"), data.into, needed=True)
    into = visit.office.parties.find_other(party_id, said)
    reason = read.note(mark("合并理由"), data.reason)
    visit.office.parties.merge(party_id, into, reason, visit.person, visit.now)
    return back(visit, into)


@post("/parties/{party_id:int}/split", sync_to_thread=True)
def split(visit: Here, party_id: RowNumber, data: Form) -> Response[Any]:
    """Take a merge back."""
    reason = FormReader(visit.language).note(mark("拆开理由"), data.reason)
    visit.office.parties.split(party_id, reason, visit.person, visit.now)
    return back(visit, party_id)


@post("/parties/{party_id:int}/visits/{row_id:int}", sync_to_thread=True)
def end_visit(visit: Here, party_id: RowNumber, row_id: RowNumber, data: Form) -> Response[Any]:
    """Write what a visit found."""
    read = FormReader(visit.language)
    visit.office.parties.end_patrol(
        party_id,
        row_id,
        result=read.choice(mark("巡查结果"), PatrolResult, data.result),
        note=read.note(mark("巡查情况"), data.reason),
        person=visit.person,
        now=visit.now,
    )
    return back(visit, party_id)


def back(visit: Visit, party_id: int) -> Response[Any]:
    """Send the browser back to the party."""
    return visit.redirect(f"/parties/{party_id}?done=saved")


PARTIES = [
    list_parties,
    show_party,
    show_same,
    show_towns,
    save_card,
    choose_class,
    add_name,
    merge,
    split,
    end_visit,
]
