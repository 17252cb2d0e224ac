"""`disclose`: what is watched, held, kept how long, seen by whom, and refused; fit to be published.

Everything is read from the running system: its sources, its settings, its database, its closed
lists. Counts under five could point to somebody and are not told; no total gives them away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import typer

from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.keeping import read_retention_policy
from monitor.bootstrap.sources import load_sources, name_collector
from monitor.commands.disclosed_words import CHINESE, LANGUAGES, RECORDS, Words
from monitor.commands.opening import open_app
from monitor.commands.terms import JsonOption, SettingsOption, emit
from monitor.domain import SHANGHAI, CaseState, Forgotten, ReferralBody, Role, Source
from monitor.purging import MAY_FORGET
from monitor.retention import is_active
from monitor.web.labels import LABELS
from monitor.web.language import load_language
from spiders.masking_spans import Kind

LEAST_SHOWN = 5
"""Counts below this could point to somebody, so they are not published."""

LanguageOption = Annotated[
    str, typer.Option("--language", metavar="zh|en", help="用哪种语言：zh 或 en")
]


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds: texts that have words, cases, records, and what was forgotten."""

    documents: int
    cases: Mapping[CaseState, int]
    forgotten: Mapping[Forgotten, int] = field(default_factory=dict)
    records: Mapping[str, int] = field(default_factory=dict)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("disclose")(disclose)


def disclose(
    settings: SettingsOption = None, as_json: JsonOption = False, language: LanguageOption = "zh"
) -> None:
    """看什么、存什么、存多久、谁看、怎样删除、不做什么：可以公开。"""
    if language not in LANGUAGES:
        raise typer.BadParameter("只有 zh 和 en", param_hint="--language")
    with open_app(settings) as built:
        told = tell(built, language)
    if as_json:
        emit(told)
        return
    for line in write_page(told, LANGUAGES[language]):
        typer.echo(line)


def tell(built: App, language: str = "zh") -> dict[str, Any]:
    """Everything that is told, as data."""
    words, said = LANGUAGES[language], load_language(language).gettext
    sources, _ = load_sources(built)
    policy = read_retention_policy(built.settings)
    now = read_clock()
    with built.storage.look() as rows:
        holds = sum(is_active(hold, now) for hold in rows.holds.list_all())
        counts = {name: rows.retention.count_rows(name) for name in RECORDS if name != "holds"}
        held = Held(
            documents=rows.retention.count_texts(),
            cases=rows.case_lists.count_by_state(),
            forgotten=rows.retention.count_forgotten(),
            records=counts | {"holds": holds},
        )
    return {
        "made_at": now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "purpose": words.purpose,
        "watched": [_show_source(each, words) for each in sources if each.enabled],
        "user_agent": name_collector(built),
        "masked": [words.masked_names[kind] for kind in Kind],
        "held": show_held(held, words),
        "retention": words.say_retention(policy),
        "backups": [each.format(closed_texts=policy.closed_texts.days) for each in words.backups],
        "seen_by": {
            "roles": [said(str(LABELS[Role][role])) for role in Role],
            "may_remove": [said(str(LABELS[Role][role])) for role in Role if role in MAY_FORGET],
            "rules": words.seen_by,
            "audit": words.audit,
        },
        "referred_to": [said(str(LABELS[ReferralBody][body])) for body in ReferralBody],
        "removal": words.removal,
        "contact": built.settings.collect.contact,
        "refusals": [{"what": what, "why": why} for what, why in words.refusals.values()],
    }


def write_page(told: Mapping[str, Any], words: Words = CHINESE) -> Iterator[str]:
    """The same in sentences, a line each."""
    yield words.title.format(at=told["made_at"])
    yield f"\n{told['purpose']}"
    parts = [_write_watched, _write_held, _write_kept, _write_backups, _write_seen]
    parts += [_write_removal, _write_refusals]
    for heading, write in zip(words.headings, parts, strict=True):
        yield f"\n{heading}"
        yield from write(told, words)


def _write_watched(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    for number, source in enumerate(told["watched"], 1):
        yield words.source.format(number=number, **source)
    if not told["watched"]:
        yield words.nothing_watched
    yield words.user_agent.format(name=told["user_agent"])


def _write_held(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    held = told["held"]
    yield words.masked.format(kinds=words.comma.join(told["masked"]))
    yield words.texts.format(count=held["documents"])
    yield words.cases.format(least=LEAST_SHOWN, few=words.few.format(least=LEAST_SHOWN))
    for group in ("cases", "records"):
        yield from (f"- {name}: {count}" for name, count in held[group].items())
    yield words.forgotten
    yield from (f"- {name}: {count}" for name, count in held["forgotten"].items())


def _write_kept(told: Mapping[str, Any], _words: Words) -> Iterator[str]:
    yield from told["retention"]


def _write_backups(told: Mapping[str, Any], _words: Words) -> Iterator[str]:
    yield from told["backups"]


def _write_seen(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    seen = told["seen_by"]
    yield words.roles.format(roles=words.comma.join(seen["roles"]))
    yield from (*seen["rules"], *seen["audit"])
    yield words.referred.format(bodies=words.comma.join(told["referred_to"]))


def _write_removal(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    yield from told["removal"]
    roles = words.comma.join(told["seen_by"]["may_remove"])
    yield words.may_remove.format(roles=roles, contact=told["contact"])


def _write_refusals(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    for number, refusal in enumerate(told["refusals"], 1):
        yield f"{number}. {refusal['what']}\n   {words.why.format(why=refusal['why'])}"


def _show_source(source: Source, words: Words) -> dict[str, str]:
    address = urlsplit(source.url)
    # An address may carry a password before the @; what is published may not.
    public = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
    return {
        "title": source.title,
        "basis": words.basis[source.basis],
        "every": words.say_span(source.poll_every),
        "address": public,
    }


def show_held(held: Held, words: Words = CHINESE) -> dict[str, Any]:
    """Counts fit to be published; a total of cases would give the small ones away."""

    def public(count: int) -> int | str:
        return count if count >= LEAST_SHOWN else words.few.format(least=LEAST_SHOWN)

    return {
        "documents": public(held.documents),
        "cases": {name: public(held.cases.get(state, 0)) for state, name in words.states.items()},
        "records": {name: public(held.records.get(key, 0)) for key, name in words.records.items()},
        "forgotten": {
            name: public(held.forgotten.get(kind, 0))
            for kind, name in words.forgotten_names.items()
        },
    }
