"""The files that say what is watched: `sources/*.toml` → sources and problems.

One file is one source. A bad file is reported with every fault it has, and never hides the others.
"""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from monitor.domain import Basis, Expectations, Family, Problem, Source
from monitor.refusals import explain_sign_in
from spiders.asking import with_form
from spiders.family_rules import check_rules
from spiders.signing_in import SignInError, refuse_sign_in, refuse_sign_in_form

_FAULTS = {
    "extra_forbidden": ("没有人认识这个键", "检查拼写，或删去"),
    "missing": ("缺少这个键", "补上它"),
    "enum": ("只能是 {expected}", "改成其中之一"),
    "greater_than_equal": ("小于最小值 {ge}", "改到所允许的范围内"),
    "less_than_equal": ("大于最大值 {le}", "改到所允许的范围内"),
    "time_delta_parsing": ("不是时长", "写成 ISO 8601，如 PT5M"),
    "string_too_short": ("不能是空的", "写上内容"),
}

Share = Annotated[float, Field(ge=0, le=1)]


def _duration(shortest: str, longest: str) -> Any:
    return Field(ge=_iso(shortest), le=_iso(longest))


def _iso(text: str) -> timedelta:
    number, unit = int(text[:-1]), text[-1]
    return {
        "s": timedelta(seconds=number),
        "m": timedelta(minutes=number),
        "d": timedelta(days=number),
    }[unit]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def refuse_bare_number(written: object) -> object:
    """Refuse a duration without a unit: 5 may be seconds to one and minutes to another."""
    if isinstance(written, int | float):
        message = "a duration needs its unit, e.g. PT5M"
        raise ValueError(message)  # noqa: TRY004 - pydantic gathers ValueErrors only
    return written


class _Expect(_Strict):
    """The promises of a source; see `Expectations`."""

    quiet_after: Annotated[timedelta, _duration("5m", "90d")] = timedelta(days=3)
    text_share: Share = 0.9
    published_share: Share = 0.8
    list_min_items: Annotated[int, Field(ge=0, le=200)] = 1
    posts_per_day: Annotated[float, Field(gt=0, le=100_000)] | None = None
    weekend_share: Share = 0.5
    holiday_share: Share = 0.2
    allowance: Annotated[timedelta, _duration("0s", "30d")] | None = None

    @field_validator("quiet_after", "allowance", mode="before")
    @classmethod
    def _has_unit(cls, written: object) -> object:
        return refuse_bare_number(written)


class _SourceFile(_Strict):
    """The keys of a source file; durations as ISO 8601 (PT5M), sizes in bytes."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    family: Family
    basis: Basis
    url: Annotated[str, Field(max_length=2000)]
    form: Annotated[str, Field(max_length=20_000)] = ""
    poll_every: Annotated[timedelta, _duration("1s", "1d")] = timedelta(minutes=5)
    poll_fastest: Annotated[timedelta, _duration("1s", "1d")] | None = None
    poll_slowest: Annotated[timedelta, _duration("1s", "1d")] | None = None
    delay: Annotated[timedelta, _duration("0s", "5m")] = timedelta(seconds=1)
    timeout: Annotated[timedelta, _duration("1s", "5m")] = timedelta(seconds=30)
    max_bytes: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)] = 4 * 1024 * 1024
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 5
    read_replies: bool = True
    local: bool = False
    verify_tls: bool = True
    charset: str | None = None
    enabled: bool = True
    browser: bool = False
    expect: _Expect = _Expect()
    rules: dict[str, str] = Field(default_factory=dict)

    @field_validator(
        "poll_every", "poll_fastest", "poll_slowest", "delay", "timeout", mode="before"
    )
    @classmethod
    def _has_unit(cls, written: object) -> object:
        return refuse_bare_number(written)

    @model_validator(mode="after")
    def _bounds_hold(self) -> "_SourceFile":
        fastest, slowest = self.poll_fastest or self.poll_every, self.poll_slowest
        if fastest > self.poll_every or (slowest or self.poll_every) < self.poll_every:
            message = "poll_fastest <= poll_every <= poll_slowest must hold"
            raise ValueError(message)
        return self

    @field_validator("url")
    @classmethod
    def _is_public_address(cls, url: str) -> str:
        return refuse_sign_in(url)

    @field_validator("form")
    @classmethod
    def _signs_nobody_in(cls, form: str) -> str:
        return refuse_sign_in_form(form)

    @field_validator("charset")
    @classmethod
    def _is_known_charset(cls, charset: str | None) -> str | None:
        if charset is not None:
            "".encode(charset)  # LookupError names the charset
        return charset


def load_sources(
    folder: Path, replace_base: Mapping[str, str] | None = None
) -> tuple[list[Source], list[Problem]]:
    """Load every source file of a folder, in the order of their names.

    Args:
        folder: Holds one `<name>.toml` for each source; the file's name is the source's.
        replace_base: Beginnings of addresses to replace, e.g. to reach the sample county at
            another port; values take the place of keys.

    Returns:
        The sources that can be used (switched-off ones included, `enabled=False`), and every
        problem of the others.
    """
    if not folder.is_dir():
        cure = "在设置里写明存放来源文件的目录"
        return [], [Problem("S101", str(folder), "没有这个目录", cure)]
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        source, found = _load_file(path, replace_base or {})
        problems += found
        if source is not None:
            sources.append(source)
    if not sources and not problems:
        problems.append(Problem("S102", str(folder), "没有来源文件", "放入至少一个 .toml 文件"))
    return sources, problems + _same_addresses(sources)


def _load_file(path: Path, replace_base: Mapping[str, str]) -> tuple[Source | None, list[Problem]]:
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem("S103", path.name, f"读不出: {type(error).__name__}", "存为 UTF-8")]
    except tomllib.TOMLDecodeError as error:
        return None, [Problem("S104", path.name, f"不是 TOML: {error}", "改正所指的那一行")]
    try:
        checked = _SourceFile.model_validate(written)
    except (ValidationError, LookupError) as error:
        return None, _problems_of(path, error)
    if problems := check_rules(path.name, checked.family, checked.rules):
        return None, problems
    return _source_of(path.stem, checked, replace_base), []


def _problems_of(path: Path, error: ValidationError | LookupError) -> list[Problem]:
    if isinstance(error, LookupError):
        return [
            Problem("S107", f"{path.name}: charset", str(error), "写 utf-8、gbk 或 big5，或删去")
        ]
    problems = []
    for fault in error.errors():
        place = ".".join(map(str, fault["loc"]))
        kind = fault["type"]
        code = {"extra_forbidden": "S108", "missing": "S109"}.get(kind, "S105")
        message, cure = _FAULTS.get(kind, (fault["msg"], "按 docs/sources.md 改正"))
        told = message.format(**fault.get("ctx", {}))
        refused = explain_sign_in(place) if kind == "extra_forbidden" else None
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, SignInError):
            refused = str(cause)
        if refused:
            code, told, cure = "S111", refused, "删去这个键；只加不用登录就能看的页面"
        problems.append(Problem(code, f"{path.name}: {place}", told, cure))
    return problems


def _source_of(name: str, checked: _SourceFile, replace_base: Mapping[str, str]) -> Source:
    url = checked.url
    for base, other in replace_base.items():
        if url.startswith(base):
            url = other + url.removeprefix(base)
    url = with_form(url, checked.form)
    fields = checked.model_dump(exclude={"expect", "url", "form"})
    expect = Expectations(**checked.expect.model_dump())
    return Source(name=name, url=url, expect=expect, **fields)


def _same_addresses(sources: list[Source]) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for source in sources:
        other = seen.setdefault(source.url, source.name)
        if other != source.name:
            where = f"{source.name}.toml: url"
            problems.append(Problem("S110", where, f"与 {other} 的地址相同", "删去其中一个"))
    return problems
