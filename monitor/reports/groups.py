"""Tables of cases by a name, with the lists that their numbers lead to. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.domain import CaseState
from monitor.reports.counts import CountedCase, Counts
from monitor.reports.material import Material, compare_counts
from monitor.reports.nouns import Bars, Cell, ColumnKind, Table, Unit
from monitor.reports.rates import Comparison, Verdict
from monitor.reports.sums import count_workers, sum_amount
from monitor.reports.words import LEVEL_NAMES, NOT_SAID, clean, tell_comparison

TOP = 15
PUBLIC, OTHERS = "政府投资和国有企业项目", "其他"
_TOWN = re.compile(r"(?:.*?[省市县])?(\w{1,8}?(?:镇|乡|街道|开发区|工业园|新区|林场|农场))")
NameOf = Callable[[CountedCase], str]


@dataclass
class Lists:
    """Collects which cases a number counts, while the tables are made."""

    found: dict[str, Sequence[int]] = field(default_factory=dict)

    def keep(self, key: str, case_ids: Sequence[int]) -> str:
        """Keep a list; the key is given back. An empty one leads nowhere."""
        if not case_ids:
            return ""
        self.found[key] = [*case_ids]
        return key


@dataclass(frozen=True, slots=True)
class Grouping:
    """How cases are put together: `fixed` names always stand, in their order."""

    key: str
    title: str
    head: str
    name_of: NameOf
    fixed: Sequence[str] = ()
    is_public: bool = False


def level_of(counted: CountedCase) -> str:
    """The urgency."""
    return LEVEL_NAMES[counted.case.level]


def place_of(counted: CountedCase) -> str:
    """The town where the place names one, else the place as it is written."""
    place = clean(counted.case.place)
    found = _TOWN.match(place)
    return found[1] if found else place or NOT_SAID


def employer_of(counted: CountedCase) -> str:
    """The employer."""
    return clean(counted.case.employer) or NOT_SAID


def sector_of(counted: CountedCase) -> str:
    """The trade."""
    return clean(counted.sector) or NOT_SAID


def ownership_of(counted: CountedCase) -> str:
    """Whose money: government or state enterprise, others, or not said."""
    if counted.public_project is None:
        return NOT_SAID
    return PUBLIC if counted.public_project else OTHERS


LEVELS = Grouping(
    "levels", "按紧急程度", "紧急程度", level_of, [*LEVEL_NAMES.values()], is_public=True
)
PLACES = Grouping("places", "按乡镇", "乡镇或地点", place_of, is_public=True)
SECTORS = Grouping("sectors", "按行业", "行业", sector_of, is_public=True)
EMPLOYERS = Grouping("employers", "按用人单位", "用人单位", employer_of)
OWNERSHIP = Grouping(
    "ownership", "按项目资金", "项目资金", ownership_of, [PUBLIC, OTHERS, NOT_SAID], is_public=True
)


def group(cases: Sequence[CountedCase], grouping: Grouping) -> dict[str, list[CountedCase]]:
    """Cases by name: fixed names in their order, else most first, what nobody said last."""
    groups: dict[str, list[CountedCase]] = {name: [] for name in grouping.fixed}
    for each in cases:
        groups.setdefault(grouping.name_of(each), []).append(each)
    if grouping.fixed:
        return groups
    ordered = sorted(groups, key=lambda name: (name == NOT_SAID, -len(groups[name]), name))
    return {name: groups[name] for name in ordered}


def table_of(material: Material, grouping: Grouping, lists: Lists) -> Table:
    """Count new cases by a name; the names beyond the first ones are added up in a row."""
    groups = group(material.counts.opened, grouping)
    said = [name for name in groups if name != NOT_SAID or grouping.fixed]
    shown = said if grouping.fixed else said[:TOP]
    parts = {name: groups[name] for name in shown}
    rest = [each for name in said[len(shown) :] for each in groups[name]]
    if rest:
        parts[f"其余 {len(said) - len(shown)} 个"] = rest
    if NOT_SAID in groups and not grouping.fixed:
        parts[NOT_SAID] = groups[NOT_SAID]
    before = _count_before(material, grouping)
    return Table(
        grouping.key,
        grouping.title,
        (
            (grouping.head, ColumnKind.TEXT),
            ("件数", ColumnKind.COUNT),
            (f"{material.period.last_word}件数", ColumnKind.COUNT),
            ("写明人数", ColumnKind.COUNT),
            ("写明金额（元）", ColumnKind.YUAN),
        ),
        [
            _row(name, cases, before(name) if name in shown or name == NOT_SAID else None)
            for name, cases in parts.items()
        ],
        list_keys=[
            lists.keep(f"{grouping.key}-{number}", [each.case.case_id for each in cases])
            for number, cases in enumerate(parts.values())
        ],
        is_public=grouping.is_public,
    )


def _count_before(material: Material, grouping: Grouping) -> Callable[[str], int | None]:
    if material.before is None:
        return lambda _name: None
    groups = group(material.before.opened, grouping)
    return lambda name: len(groups.get(name, ()))


def _row(name: str, cases: Sequence[CountedCase], before: int | None) -> tuple[Cell, ...]:
    # Cases that all leave it out owe something unknown, not nothing.
    says_workers = not cases or any(each.case.workers is not None for each in cases)
    says_amount = not cases or any(each.case.amount_yuan is not None for each in cases)
    return (
        name,
        len(cases),
        before,
        count_workers(cases) if says_workers else None,
        sum_amount(cases) if says_amount else None,
    )


def tell_risers(material: Material, grouping: Grouping) -> list[str]:
    """Name the groups of a table that rose or fell; all of them together keep the confidence."""
    if material.before is None:
        return []
    names = [
        name
        for name in {
            **group(material.counts.opened, grouping),
            **group(material.before.opened, grouping),
        }
        if name != NOT_SAID
    ]
    told = []
    for name in names:
        found = _compare_group(material, grouping, name, len(names))
        if found.verdict in {Verdict.RISE, Verdict.FALL}:
            said = tell_comparison(found, material.period.last_word, Unit.CASES)
            told.append(
                f"{name} {found.now.count} 件，{said}（与其他 {len(names) - 1} 个一并检验）。"
            )
    return told


def _compare_group(
    material: Material, grouping: Grouping, name: str, comparisons: int
) -> Comparison:
    def count(counts: Counts) -> int:
        return sum(grouping.name_of(each) == name for each in counts.opened)

    assert material.before is not None  # noqa: S101 - the caller has looked
    return compare_counts(material, count, material.before, material.period.last_word, comparisons)


def bars_of(material: Material, table: Table) -> Bars | None:
    """The picture of a table's first two columns; None when there is nothing to tell apart."""
    values = [_number(row[1]) for row in table.rows]
    if max(values, default=0) < 2:  # noqa: PLR2004 - one or none needs no picture
        return None
    before = [_number(row[2]) for row in table.rows]
    names = [str(row[0]) for row in table.rows]
    has_before = material.before is not None and all(row[2] is not None for row in table.rows)
    this, last = material.period.this_word, material.period.last_word
    said = "；".join(
        f"{name} {value:,.0f} 件" + (f"（{last} {then:,.0f}）" if has_before else "")
        for name, value, then in zip(names, values, before, strict=True)
    )
    return Bars(
        table.key,
        f"{this}新增线索，{table.title}",
        names,
        values,
        before if has_before else None,
        (this, last),
        said,
        is_public=table.is_public,
    )


def _number(cell: Cell) -> float:
    return cell if isinstance(cell, int | float) else 0


def by_state(
    lists: Lists, standing: Sequence[CountedCase], names: Mapping[CaseState, str]
) -> Table:
    """Open cases by their state at the end."""
    rows, keys = [], []
    for state, name in names.items():
        found = [each.case.case_id for each in standing if each.case.state is state]
        if found:
            rows.append((name, len(found)))
            keys.append(lists.keep(f"state-{state}", found))
    return Table(
        "open_states",
        "期末未了结",
        (("状态", ColumnKind.TEXT), ("件数", ColumnKind.COUNT)),
        rows,
        list_keys=keys,
    )
