"""The calibration curves of a report: an SVG drawing with its legend, alone or in an HTML page. Pure text."""

from html import escape

from mavprep_analytics.mastery.evaluation.report import Measured, Report

COLOURS = ("#0b5fa5", "#c2410c", "#7a7a00", "#7c3aed", "#0f766e", "#be185d")
_SIZE, _MARGIN, _LINE = 420, 62, 20


def calibration_page(report: Report) -> str:
    """Return the drawing in a self-contained page that says how to read it."""
    return _PAGE.format(drawing=calibration_drawing(report))


def calibration_drawing(report: Report) -> str:
    """Return the drawing: said against was, a dot per tenth of the scale, its area the share of answers."""
    parts = [_axes()]
    for place, model in enumerate(report.models):
        colour = COLOURS[place % len(COLOURS)]
        parts += [_curve(model, colour, report.scored), _legend(model, colour, place)]
    height = _SIZE + 2 * _MARGIN + _LINE * len(report.models)
    caption = f"{report.scored:,} first answers of {report.students:,} students"
    return _DRAWING.format(
        width=_SIZE + 2 * _MARGIN, height=height, caption=caption, parts="\n".join(parts)
    )


def _at(said: float, was: float) -> tuple[float, float]:
    return _MARGIN + said * _SIZE, _MARGIN + (1 - was) * _SIZE


def _axes() -> str:
    left, bottom = _at(0, 0)
    right, top = _at(1, 1)
    middle = _MARGIN + _SIZE / 2
    lines = [
        f'<path d="M{left},{top}V{bottom}H{right}" class="axis"/>',
        f'<path d="M{left},{bottom}L{right},{top}" class="perfect"/>',
        f'<text x="{middle}" y="{bottom + 38}" text-anchor="middle">predicted</text>',
        f'<text x="{left - 46}" y="{middle}" text-anchor="middle" '
        f'transform="rotate(-90 {left - 46} {middle})">correct</text>',
    ]
    for tenth in range(0, 11, 2):
        x, y = _at(tenth / 10, tenth / 10)
        lines.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{tenth * 10} %</text>')
        lines.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{tenth * 10} %</text>')
    return "\n".join(lines)


def _curve(model: Measured, colour: str, scored: int) -> str:
    points = [(*_at(b.said, b.was), b) for b in model.bins]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    dots = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 14 * (b.answers / scored) ** 0.5:.1f}" '
        f'fill="{colour}"><title>{escape(model.name)}: said {b.said:.1%}, was {b.was:.1%}, '
        f"{b.answers:,} answers</title></circle>"
        for x, y, b in points
    ]
    path = f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    return f'<g fill-opacity=".55">{path}{"".join(dots)}</g>'


def _legend(model: Measured, colour: str, place: int) -> str:
    y = _SIZE + 2 * _MARGIN + _LINE * place
    told = f"off by {model.ece:.1%} on average, log loss {model.log_loss:.3f}"
    return (
        f'<circle cx="{_MARGIN}" cy="{y - 4}" r="5" fill="{colour}"/>'
        f'<text x="{_MARGIN + 12}" y="{y}">{escape(model.name)}: {told}</text>'
    )


_DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">
<title>Calibration of mastery models</title>
<style>
svg {{ background: #fff; max-width: 100% }}
text {{ font: 12px system-ui, sans-serif; fill: #333 }}
.axis {{ stroke: #444; fill: none }} .perfect {{ stroke: #999; stroke-dasharray: 4 4 }}
</style>
<text x="62" y="30">{caption}</text>
{parts}
</svg>
"""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Calibration of mastery models</title>
<style>body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }}</style>
<h1>What was said, and what was</h1>
<p>Across: the predicted chance of a correct answer. Up: the share that was correct. On the dashed line a
model means what it says; below it, it promises too much.</p>
{drawing}
</html>
"""
