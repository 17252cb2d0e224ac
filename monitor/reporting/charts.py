"""The pictures of a report, drawn by matplotlib with the Chinese font that the project installs.

Text becomes outlines, so that a picture looks the same on every machine and nothing is fetched. The
colours are of Okabe and Ito's set, which people with every kind of colour blindness tell apart;
gaps are hatched, so that they show without colour too.
"""

import re
from functools import cache
from io import BytesIO, StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from pylopdf_fonts_zh_cn import sans_path

from monitor.reports.nouns import Bars, Chart, Course

BLUE, ORANGE, GREY = "#0072B2", "#E69F00", "#B8BEC6"  # Okabe and Ito (2008), and a neutral grey
_INK = "#1c2733"
_INCHES = 6.6
_DOTS = 200
_MOST_LABEL = 16
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(r'<svg ([^>]*?)width="[^"]*"([^>]*?)height="[^"]*"', re.DOTALL)


@cache
def _font() -> str:
    """Make the font known to matplotlib; its family name is given back."""
    fontManager.addfont(str(sans_path()))
    return str(FontProperties(fname=str(sans_path())).get_name())


def draw_svg(chart: Chart) -> str:
    """The picture as an element of HTML; its meaning in words is the caller's to add."""
    with mpl.rc_context(chart_style() | {"svg.hashsalt": f"qingxin-{chart.key}"}):
        file = StringIO()
        FigureCanvasSVG(_draw(chart)).print_svg(  # type: ignore[no-untyped-call]
            file, metadata={"Date": None, "Creator": None}
        )
    bare = _METADATA.sub("", _PROLOGUE.sub("", file.getvalue()))
    # Without a size of its own it takes the width of the page; read aloud is the text beside it.
    bare = _SIZE.sub(r'<svg aria-hidden="true" focusable="false" \1\2', bare, count=1)
    # Two pictures in one page must not share the names of their parts.
    return re.sub(r'(id="|href="#|url\(#)', lambda found: f"{found[1]}{chart.key}-", bare)


def draw_png(chart: Chart) -> bytes:
    """The picture for Word, 200 dots an inch."""
    with mpl.rc_context(chart_style()):
        file = BytesIO()
        FigureCanvasAgg(_draw(chart)).print_png(file)  # type: ignore[no-untyped-call]
    return file.getvalue()


def chart_style() -> Any:
    """The look of every picture: the font that the project installs, quiet axes."""
    return {
        "font.family": [_font()],
        "font.size": 9,
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


def _draw_bars(chart: Bars) -> Figure:
    count = len(chart.names)
    figure = Figure(figsize=(_INCHES, 0.8 + 0.34 * count), layout="constrained")
    axes = figure.add_subplot()
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
        figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    axes.set_yticks([*places], [_shorten(each) for each in chart.names])
    axes.invert_yaxis()
    axes.set_title(chart.title, loc="left", fontsize=10)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.1)
    return figure


def _draw_course(chart: Course) -> Figure:
    figure = Figure(figsize=(_INCHES, 2.7), layout="constrained")
    axes = figure.add_subplot()
    places = [*range(len(chart.names))]
    opened = [each or 0 for each in chart.opened]
    for first, last in chart.campaigns:
        axes.axvspan(first - 0.5, last + 0.5, color=ORANGE, alpha=0.18, linewidth=0)
    bars = axes.bar(places, opened, 0.8, color=BLUE)
    for number in chart.gaps:
        bars[number].set(facecolor="white", edgecolor=BLUE, hatch="////", linewidth=0.6)
    closed = [each or 0 for each in chart.closed]
    axes.plot(places, closed, color=_INK, linewidth=1.2, marker="o", markersize=2)
    keys: list[Any] = [Patch(color=BLUE, label="新增")]
    keys += axes.plot([], [], color=_INK, linewidth=1.2, marker="o", markersize=2, label="销号")
    if chart.gaps:
        keys.append(Patch(facecolor="white", edgecolor=BLUE, hatch="////", label="值守有缺口的周"))
    if chart.campaigns:
        keys.append(Patch(color=ORANGE, alpha=0.3, label="专项行动"))
    figure.legend(handles=keys, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    step = max(1, len(places) // 9)
    shown = places[::-step][::-1]
    axes.set_xticks(shown, [chart.names[each] for each in shown], fontsize=7.5)
    axes.set_title(chart.title, loc="left", fontsize=10)
    axes.set_ylim(bottom=0)
    axes.set_xlim(-0.7, len(places) - 0.3)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def _shorten(label: str) -> str:
    return label if len(label) <= _MOST_LABEL else label[: _MOST_LABEL - 1] + "…"
