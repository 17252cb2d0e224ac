"""The pictures of a report, drawn by matplotlib with the Chinese font that the project installs.

Text becomes outlines, so that a picture looks the same on every machine and nothing is fetched. The
colours are of Okabe and Ito's set, which people with every kind of colour blindness tell apart;
gaps are hatched, so that they show without colour too.

A picture is laid out once and written twice, for the page and for Word. Places are reckoned here
rather than by matplotlib's layout engines, which draw everything two more times to measure it: of
two years of reports that was a third of the time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO, StringIO
from typing import Any
from unicodedata import east_asian_width

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from pylopdf_fonts_zh_cn import sans_path

from monitor.reports.nouns import Bars, Chart, Course, Report

BLUE, ORANGE, GREY = "#0072B2", "#E69F00", "#B8BEC6"  # Okabe and Ito (2008), and a neutral grey
_INK = "#1c2733"
_INCHES = 6.6
_DOTS = 200
_MOST_LABEL = 16
_POINTS = 9
_HEAD, _RIGHT, _FOOT, _KEYS = 0.34, 0.3, 0.08, 0.27
"""Inches beside the axes: for the title, on the right, below, and for a line of keys."""

_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(r'<svg ([^>]*?)width="[^"]*"([^>]*?)height="[^"]*"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart for the page (an element of HTML, without its meaning in words) and for Word.

    `png` has 200 dots an inch; it is empty where only a page was asked for.
    """

    svg: str
    png: bytes


Pictures = Mapping[str, Picture]
"""By the key of their chart."""


def draw_pictures(report: Report, *, for_word: bool = True) -> Pictures:
    """Draw every chart of a report."""
    found = {}
    with mpl.rc_context(chart_style()):
        for chart in _list_charts(report):
            figure = _draw(chart)
            # In this order: an SVG leaves the figure with its own dots to the inch.
            png = _write_png(figure) if for_word else b""
            found[chart.key] = Picture(_write_svg(figure, chart.key), png)
    return found


def _list_charts(report: Report) -> Iterator[Chart]:
    yield from report.leader_charts
    for section in report.sections:
        yield from section.charts


@cache
def _font() -> str:
    """Make the font known to matplotlib; its family name is given back."""
    fontManager.addfont(str(sans_path()))
    return str(FontProperties(fname=str(sans_path())).get_name())


def _write_svg(figure: Figure, key: str) -> str:
    with mpl.rc_context({"svg.hashsalt": f"qingxin-{key}"}):
        file = StringIO()
        FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]
            file, metadata={"Date": None, "Creator": None}
        )
    bare = _METADATA.sub("", _PROLOGUE.sub("", file.getvalue()))
    # Without a size of its own it takes the width of the page; read aloud is the text beside it.
    bare = _SIZE.sub(r'<svg aria-hidden="true" focusable="false" \1\2', bare, count=1)
    # Two pictures in one page must not share the names of their parts.
    return re.sub(r'(id="|href="#|url\(#)', lambda found: f"{found[1]}{key}-", bare)


def _write_png(figure: Figure) -> bytes:
    file = BytesIO()
    FigureCanvasAgg(figure).print_png(file)  # type: ignore[no-untyped-call]
    return file.getvalue()


def chart_style() -> Any:
    """The look of every picture: the font that the project installs, quiet axes."""
    return {
        "font.family": [_font()],
        "font.size": _POINTS,
        "svg.fonttype": "path",
        "axes.unicode_minus": False,
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "hatch.linewidth": 0.6,
        "figure.dpi": _DOTS,
        "savefig.dpi": _DOTS,
    }


def _draw(chart: Chart) -> Figure:
    return _draw_bars(chart) if isinstance(chart, Bars) else _draw_course(chart)


def _lay_out(title: str, inches: float, *, left: float, foot: float) -> tuple[Figure, Any]:
    """A figure of that height with its title and its axes; `left` and `foot` in inches."""
    figure = Figure(figsize=(_INCHES, inches))
    figure.text(0.05 / _INCHES, 1 - 0.08 / inches, title, va="top", fontsize=10)
    axes = figure.add_axes(
        (
            left / _INCHES,
            foot / inches,
            (_INCHES - left - _RIGHT) / _INCHES,
            (inches - _HEAD - foot) / inches,
        )
    )
    return figure, axes


def _draw_bars(chart: Bars) -> Figure:
    count = len(chart.names)
    labels = [_shorten(each) for each in chart.names]
    foot = _FOOT + (_KEYS if chart.before is not None else 0)
    figure, axes = _lay_out(
        chart.title,
        0.3 * count + _HEAD + foot,
        left=max(map(_width, labels), default=0) + 0.15,
        foot=foot,
    )
    places = range(count)
    thick = 0.4 if chart.before is not None else 0.65
    shift = thick / 2 if chart.before is not None else 0.0
    own = axes.barh(
        [each - shift for each in places], chart.values, thick, color=BLUE, label=chart.legend[0]
    )
    axes.bar_label(own, [f"{each:,.0f}" for each in chart.values], padding=3, fontsize=8)
    if chart.before is not None:
        other = axes.barh(
            [each + shift for each in places],
            chart.before,
            thick,
            color=GREY,
            edgecolor=_INK,
            linewidth=0.4,
            label=chart.legend[1],
        )
        axes.bar_label(other, [f"{each:,.0f}" for each in chart.before], padding=3, fontsize=8)
        figure.legend(loc="lower center", ncols=2, frameon=False, fontsize=8)
    axes.set_yticks([*places], labels)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_xlim(0, max([*chart.values, *(chart.before or ())], default=0) * 1.1 or 1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    return figure


def _draw_course(chart: Course) -> Figure:
    opened = [each or 0 for each in chart.opened]
    closed = [each or 0 for each in chart.closed]
    most = max([*opened, *closed], default=0)
    figure, axes = _lay_out(
        chart.title, 2.7, left=_width(f"{most:,.0f}") + 0.25, foot=_FOOT + _KEYS + 0.25
    )
    places = [*range(len(chart.names))]
    for first, last in chart.campaigns:
        axes.axvspan(first - 0.5, last + 0.5, color=ORANGE, alpha=0.18, linewidth=0)
    gaps = set(chart.gaps)
    _add_weeks(axes, {each: opened[each] for each in places if each not in gaps}, color=BLUE, lw=0)
    hatched: dict[str, Any] = {
        "facecolor": "white",
        "edgecolor": BLUE,
        "hatch": "////",
        "linewidth": 0.6,
    }
    _add_weeks(axes, {each: opened[each] for each in places if each in gaps}, **hatched)
    line = {"color": _INK, "linewidth": 1.2, "marker": "o", "markersize": 2}
    drawn = axes.plot(places, closed, label="销号", **line)
    keys: list[Any] = [Patch(color=BLUE, label="新增"), *drawn]
    if chart.gaps:
        keys.append(Patch(label="值守有缺口的周", **hatched))
    if chart.campaigns:
        keys.append(Patch(color=ORANGE, alpha=0.3, label="专项行动"))
    figure.legend(handles=keys, loc="lower center", ncols=4, frameon=False, fontsize=8)
    step = max(1, len(places) // 9)
    shown = places[::-step][::-1]
    axes.set_xticks(shown, [chart.names[each] for each in shown], fontsize=7.5)
    axes.set_ylim(0, most * 1.05 or 1)
    axes.set_xlim(-0.7, len(places) - 0.3)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    return figure


def _add_weeks(axes: Any, heights: Mapping[int, float], **look: Any) -> None:
    """A bar a week, as one part of the picture: 53 parts of their own take ten times as long."""
    axes.add_collection(
        PolyCollection(
            [
                [(at - 0.4, 0), (at - 0.4, height), (at + 0.4, height), (at + 0.4, 0)]
                for at, height in heights.items()
            ],
            **look,
        ),
        autolim=False,
    )


def _width(label: str) -> float:
    """About how wide a label is, in inches: a Chinese sign is as wide as it is high."""
    signs = sum(1.0 if east_asian_width(each) in "WF" else 0.6 for each in label)
    return signs * _POINTS / 72


def _shorten(label: str) -> str:
    return label if len(label) <= _MOST_LABEL else label[: _MOST_LABEL - 1] + "…"
