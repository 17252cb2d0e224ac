"""The templates' environment: escaping on, undefined names refused, words from the catalogues."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.ext import InternationalizationExtension
from jinja2.runtime import Context
from litestar.plugins.jinja import JinjaTemplateEngine
from markupsafe import Markup

from alerts.continuity import Coverage
from monitor.domain import CaseEvent, CaseStep, Fact, ReferralBody, Through
from monitor.web import audit_labels, formats, ledger_filter, passages, pictures
from monitor.web.labels import (
    ACTION_LABELS,
    CHANNEL_KINDS,
    FACT_LABELS,
    LABELS,
    ROLE_NAMES,
    WEEKDAYS,
)
from monitor.web.language import Language

TEMPLATE_FOLDER = Path(__file__).parent / "templates"
DOCUMENT_NOTE = re.compile(r"文书 (\d{1,12})")
"""How the pipeline notes which document came to a case."""

STATIC_FOLDER = Path(__file__).parent / "static"

NEARLY, BROKEN = 0.99, 0.9
"""Shares of a day from which the continuity page shows it in another colour."""


def make_template_engine() -> JinjaTemplateEngine:
    """Build the engine that renders every page; each page's context holds `language` and `now`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[InternationalizationExtension],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translate_through(environment)
    environment.filters.update(
        label=label,
        moment=moment,
        ago=ago,
        waited=waited,
        yuan=yuan,
        number=formats.format_number,
        fact_label=fact_label,
        fact_value=fact_value,
        action_label=action_label,
        audit_action=audit_action,
        audit_shown=audit_labels.split_shown,
        translated=translated,
        event_note=event_note,
        role_name=role_name,
        day_name=day_name,
        percent=formats.format_share,
        coverage_class=coverage_class,
        channel_kind=channel_kind,
    )
    environment.globals.update(
        stylesheet=static_address("desk.css"),
        script=static_address("desk.js"),
        duty_stylesheet=static_address("duty.css"),
        model_stylesheet=static_address("model.css"),
        ledger_address=ledger_filter.ledger_address,
        share_length=pictures.share_length,
        weight_bars=pictures.weight_bars,
        mark_document=passages.mark_document,
        fact_names=tuple(FACT_LABELS),
        find_subject=audit_labels.find_subject,
        details=audit_labels.DETAILS,
    )
    return JinjaTemplateEngine.from_environment(environment)


def static_address(name: str) -> str:
    """A static file's address, which changes with its content, so that no old copy is used."""
    return f"/static/{name}?v={sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()[:12]}"


def translate_through(environment: Environment) -> None:
    """Let `_()`, `ngettext()` and `trans` use the language in the page's context."""
    install = environment.install_gettext_callables  # type: ignore[attr-defined] # by the extension
    install(translate, translate_number, newstyle=True)


@pass_context
def translate(context: Context, message: str) -> str:
    """Translate a message into the page's language."""
    return language_of(context).gettext(message)


@pass_context
def translate_number(context: Context, singular: str, plural: str, number: int) -> str:
    """Translate a message that depends on a number."""
    return language_of(context).ngettext(singular, plural, number)


def language_of(context: Context) -> Language:
    """The language that the page's context holds."""
    return cast("Language", context["language"])


@pass_context
def label(context: Context, member: Enum) -> str:
    """Name a member of a closed list."""
    return language_of(context).gettext(LABELS[type(member)][member])


@pass_context
def moment(context: Context, at: datetime) -> Markup:
    """Write an instant as a `time` element."""
    written = formats.format_moment(at, context["now"])
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), written)


@pass_context
def ago(context: Context, at: datetime) -> str:
    """Write how long ago an instant was, or how long until it comes."""
    language = language_of(context)
    now: datetime = context["now"]
    if at > now:
        return language.gettext("还有 %(span)s") % {"span": formats.format_span(at - now, language)}
    if now - at < timedelta(minutes=1):
        return language.gettext("刚刚")
    return language.gettext("%(span)s前") % {"span": formats.format_span(now - at, language)}


@pass_context
def waited(context: Context, at: datetime) -> str:
    """Write how long something has waited since an instant."""
    now: datetime = context["now"]
    return formats.format_span(now - at, language_of(context))


@pass_context
def yuan(context: Context, amount: float) -> str:
    """Write a sum."""
    return formats.format_yuan(amount, language_of(context))


@pass_context
def fact_label(context: Context, name: str) -> str:
    """Name a fact."""
    return language_of(context).gettext(FACT_LABELS[name])


@pass_context
def fact_value(context: Context, fact: Fact[object], name: str) -> str:
    """Write a fact's value."""
    language = language_of(context)
    match fact.value:
        case bool(stated):
            return language.gettext("是") if stated else language.gettext("否")
        case float(amount) | int(amount) if name == "amount_yuan":
            return formats.format_yuan(float(amount), language)
        case float(number) | int(number):
            return formats.format_number(float(number))
        case text:
            return str(text)


@pass_context
def action_label(context: Context, action: str) -> str:
    """Name what happened to a case; a word that is not ours is shown as it is."""
    return known_or_raw(context, ACTION_LABELS, action)


@pass_context
def translated(context: Context, words: str) -> str:
    """Translate words that a lower layer marked; others stay, and all are escaped by the page.

    `_()` would take them for markup, and what is shown may be the name of an employer.
    """
    return language_of(context).gettext(words)


@pass_context
def audit_action(context: Context, action: str) -> str:
    """Name an act of the audit; a word that is not ours is shown as it is."""
    word = audit_labels.find_action_word(action)
    return action if word is None else language_of(context).gettext(word)


@pass_context
def event_note(context: Context, event: CaseEvent) -> str:
    """Write the note of a line of history: names in words, a document's number as a link to it."""
    if event.action == "acknowledged" and event.note in set(Through):
        return label(context, Through(event.note))
    body, parted, reason = event.note.partition("：")
    if event.action == CaseStep.REFER and parted and body in set(ReferralBody):
        return f"{label(context, ReferralBody(body))}{translate(context, '：')}{reason}"
    if numbered := DOCUMENT_NOTE.fullmatch(event.note):
        words = language_of(context).gettext("第 %(number)s 号消息") % {"number": numbered[1]}
        return Markup('<a href="#document-{}">{}</a>').format(numbered[1], words)
    return event.note


@pass_context
def day_name(context: Context, day: date) -> str:
    """Write a day with its weekday, in the page's language."""
    language = language_of(context)
    return f"{day:%m-%d} {language.gettext(WEEKDAYS[day.weekday()])}"


def coverage_class(cover: Coverage) -> str:
    """Say in which colour a day of the continuity page is shown."""
    if not cover.observed:
        return "none"
    if cover.good == cover.minutes:
        return "whole"
    if cover.share >= NEARLY:
        return "nearly"
    return "broken" if cover.share >= BROKEN else "lost"


@pass_context
def channel_kind(context: Context, kind: str) -> str:
    """Name the kind of a channel; one that is not known here as it is."""
    return known_or_raw(context, CHANNEL_KINDS, kind)


@pass_context
def role_name(context: Context, role: str) -> str:
    """Name a process."""
    return known_or_raw(context, ROLE_NAMES, role)


def known_or_raw(context: Context, words: Mapping[str, str], key: str) -> str:
    """Translate a word of ours; give back another's unchanged (it is escaped with the page)."""
    return language_of(context).gettext(words[key]) if key in words else key
