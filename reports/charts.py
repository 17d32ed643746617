"""Charts drawn on the server: SVG for pages, PNG and SVG to take away. Black, grey and white, for any printer.

Drawn with reportlab.graphics, which the papers bring already; its PDF becomes a picture by pypdfium2.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

import pypdfium2
from django.utils.translation import gettext as _
from reportlab.graphics import renderPDF, renderSVG
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import Color, black

from papers import fonts
from reports.trend import Month
from vietnam.numbers import format_number

_WIDTH, _HEIGHT = 640, 260
_PHONE_WIDTH = 343  # what a page of 375 leaves: its letters are then as large as those about it
_DARK, _GREY = Color(0.25, 0.25, 0.25), Color(0.72, 0.72, 0.72)
_FAMILY = re.compile(r"font-family: ?Tinos(-\w+)?")
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
PNG_SCALE = 2


def round_step(most: int) -> int:
    """The distance of the lines of a scale up to `most`: 1, 2 or 5 of a power of ten, so that five lines are enough."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * 5 >= most:
                return step
        power *= 10


def trend_chart(months: Sequence[Month], *, title: str) -> Drawing:
    """Columns of what was settled in each month: in time in grey, late in black."""
    drawing = _trend_columns(months, _WIDTH, [f"{month.period.first:%m/%Y}" for month in months])
    drawing.add(String(10, _HEIGHT - 18, title, fontName=fonts.BOLD, fontSize=13))
    return drawing


def phone_trend_chart(months: Sequence[Month]) -> Drawing:
    """The same for a page of a phone: the page has the title, and only the first month and each January name a year."""
    names = [
        f"{month.period.first:%-m}"
        + (f"\n{month.period.first:%Y}" if place == 0 or month.period.first.month == 1 else "")
        for place, month in enumerate(months)
    ]
    return _trend_columns(months, _PHONE_WIDTH, names)


def _trend_columns(months: Sequence[Month], width: int, names: list[str]) -> Drawing:
    drawing = Drawing(width, _HEIGHT)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 50, 40, width - 70, _HEIGHT - 100
    chart.data = [[month.in_time for month in months], [month.late for month in months]]
    chart.categoryAxis.categoryNames = names
    chart.categoryAxis.style = "stacked"
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = fonts.REGULAR
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 9
    most = max([month.in_time + month.late for month in months] or [0])
    chart.valueAxis.valueMin = 0
    step = round_step(most)
    chart.valueAxis.valueMax = max(1, -(-most // step)) * step
    chart.valueAxis.valueStep = step
    chart.valueAxis.labelTextFormat = lambda value: format_number(int(value))
    chart.valueAxis.visibleGrid = 1
    chart.valueAxis.gridStrokeColor = _GREY
    chart.valueAxis.gridStrokeDashArray = (1, 2)
    for place, colour in enumerate((_GREY, _DARK)):
        chart.bars[place].fillColor = colour
        chart.bars[place].strokeColor = black
        chart.bars[place].strokeWidth = 0.5
    drawing.add(chart)
    legend = Legend()
    legend.x, legend.y, legend.alignment = 50, _HEIGHT - 32, "right"
    legend.fontName, legend.fontSize, legend.columnMaximum, legend.deltax = fonts.REGULAR, 10, 1, 120
    legend.strokeColor, legend.dx, legend.dy = black, 9, 9
    legend.colorNamePairs = [(_GREY, _("Sớm và đúng hạn")), (_DARK, _("Quá hạn"))]
    drawing.add(legend)
    return drawing


def chart_svg(drawing: Drawing, *, title: str) -> bytes:
    """The chart with its title in words; letters fall back to what the reader's machine has."""
    text = renderSVG.drawToString(drawing)
    text = _FAMILY.sub("font-family: Tinos, 'Times New Roman', serif", text)
    return _TITLE.sub(f"<title>{escape(title)}</title>", text, count=1).encode()


def chart_png(drawing: Drawing) -> bytes:
    document = pypdfium2.PdfDocument(renderPDF.drawToString(drawing))
    try:
        picture = document[0].render(scale=PNG_SCALE).to_pil()
    finally:
        document.close()
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
