"""The rules that a source's file may have, by family, and whether each can be understood."""

import re
from collections.abc import Mapping

from monitor.domain import DocumentRole, Family, Problem
from spiders.families import ruled
from spiders.families.paging import is_paging_rule
from spiders.markup import is_selector

_LIST_RULES = {"row", "link", "next", "paging"}
_NEWS_RULES = frozenset(_LIST_RULES | {"body", "title", "time"})
_LETTER_FIELDS = ("title", "letter", "written", "answer", "answered")
_LETTER_RULES = frozenset(
    _LIST_RULES
    | {"onclick", "items", "id", "state", "detail"}
    | set(_LETTER_FIELDS)
    | {f"label_{name}" for name in _LETTER_FIELDS}
)
_RULES: dict[Family, frozenset[str]] = {
    Family.DISCUZ: frozenset({"view", "check"}),
    Family.MAILBOX: _LETTER_RULES,
    Family.PEOPLE_BOARD: _LETTER_RULES,
    Family.NEWS_LIST: _NEWS_RULES,
    Family.TRS: _NEWS_RULES,
    Family.HANWEB: _NEWS_RULES,
    Family.DEDECMS: _NEWS_RULES,
    Family.PHPCMS: _NEWS_RULES,
    Family.EMPIRECMS: _NEWS_RULES,
    Family.WORDPRESS: _NEWS_RULES | {"whole_text"},
    Family.FEED: frozenset({"whole_text", "body", "title", "time"}),
    Family.GENERIC: frozenset(
        _NEWS_RULES | {"post", "remove", "role", "key", "changed", "item_next"}
    ),
}
_WORDS: dict[str, frozenset[str]] = {
    "view": frozenset({"desktop", "print"}),
    "check": frozenset({"list", "forumchecknew"}),
    "whole_text": frozenset({"yes", "no"}),
    "role": frozenset(DocumentRole),
}
# Names of fields in JSON, templates of addresses, and the letters' CSS that may be either.
_NOT_CSS = frozenset({"onclick", "items", "id", "state", "detail", *_LETTER_FIELDS})
# A repetition inside a repetition takes for ever on the wrong address.
_MAY_BLOW_UP = re.compile(r"[*+}]\)[*+{]")


def check_rules(where: str, family: Family, rules: Mapping[str, str]) -> list[Problem]:
    """Find rules that the family does not have or needs, or that cannot be understood."""
    unknown = sorted(set(rules) - _RULES[family])
    known = ", ".join(sorted(_RULES[family])) or "无"
    problems = [
        Problem("S106", f"{where}: rules.{name}", "这一类网站没有这条规则", f"可用: {known}")
        for name in unknown
    ]
    if family is Family.GENERIC:
        problems += [
            Problem("S111", f"{where}: rules.{name}", "generic 必须有这条规则", "写上 CSS 选择器")
            for name in ruled.NEEDED
            if name not in rules
        ]
    return problems + [
        Problem("S112", f"{where}: rules.{name}", f"看不懂：{rule}", "按 docs/sources.md 改正")
        for name, rule in rules.items()
        if name not in unknown and not _is_understood(name, rule)
    ]


def _is_understood(name: str, rule: str) -> bool:
    """Tell whether a rule can be used: CSS that parses, a pattern, a way of paging, a word."""
    if name == "paging":
        return is_paging_rule(rule)
    if name in _WORDS:
        return rule in _WORDS[name]
    if name == "key":
        return _is_pattern(rule)
    if name in _NOT_CSS or name.startswith("label_"):
        return bool(rule.strip())
    return all(is_selector(part) for part in rule.split(";;"))


def _is_pattern(rule: str) -> bool:
    try:
        re.compile(rule)
    except re.error:
        return False
    return not _MAY_BLOW_UP.search(rule)
