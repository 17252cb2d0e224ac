"""The reliability picture: of the messages of a score, how many were claims."""

from collections.abc import Sequence
from io import BytesIO

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from monitor.learning.board import Tenth
from monitor.reporting.charts import BLUE, GREY, chart_style

_INCHES = 5.2


def draw_reliability(tenths: Sequence[Tenth], score: str, share: str) -> bytes:
    """Draw it as a PNG: a dot a tenth with its 95 % interval, and the line where scores are right.

    The same numbers stand in a table beside it.

    Args:
        tenths: The dots.
        score: What the horizontal axis is called.
        share: What the vertical axis is called.
    """
    with mpl.rc_context(chart_style()):
        figure = Figure(figsize=(_INCHES, _INCHES * 0.8), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1.2)
        for each in tenths:
            axes.plot([each.mean_score] * 2, [each.low, each.high], color=BLUE, linewidth=1.2)
            axes.plot(each.mean_score, each.share, "o", color=BLUE, markersize=6)
            axes.annotate(
                f"{each.claims}/{each.texts}",
                (each.mean_score, each.share),
                textcoords="offset points",
                xytext=(6, 4),
                fontsize=8,
            )
        axes.set_xlim(-0.02, 1.08)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel(score)
        axes.set_ylabel(share)
        file = BytesIO()
        FigureCanvasAgg(figure).print_png(file)  # type: ignore[no-untyped-call]
    return file.getvalue()
