"""The calibration curves of a report as one self-contained HTML page with an SVG drawing. Pure text."""

from html import escape

from mavprep_analytics.mastery.evaluation.report import Measured, Report

COLOURS = ("#0b5fa5", "#c2410c", "#7a7a00", "#7c3aed", "#0f766e")
_SIZE, _MARGIN = 420, 46


def calibration_page(report: Report) -> str:
    """Return the page: said against was, a dot per tenth of the scale, its area the share of answers."""
    curves = [_curve(model, _colour(i), report.scored) for i, model in enumerate(report.models)]
    legend = [_legend(model, _colour(i)) for i, model in enumerate(report.models)]
    caption = f"{report.scored:,} first answers of {report.students:,} students"
    return _PAGE.format(
        side=_SIZE + 2 * _MARGIN,
        axes=_axes(),
        curves="\n".join(curves),
        legend="\n".join(legend),
        caption=caption,
    )


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _at(said: float, was: float) -> tuple[float, float]:
    return _MARGIN + said * _SIZE, _MARGIN + (1 - was) * _SIZE


def _axes() -> str:
    left, bottom = _at(0, 0)
    right, top = _at(1, 1)
    lines = [
        f'<path d="M{left},{top}V{bottom}H{right}" class="axis"/>',
        f'<path d="M{left},{bottom}L{right},{top}" class="perfect"/>',
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


def _legend(model: Measured, colour: str) -> str:
    return (
        f'<li><b style="color:{colour}">●</b> {escape(model.name)}: off by {model.ece:.1%} '
        f"on average, log loss {model.log_loss:.3f}</li>"
    )


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Calibration of mastery models</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; color: #1b1b1b }}
svg {{ width: 100%; max-width: {side}px }}
svg text {{ font: 12px system-ui, sans-serif; fill: #444 }}
.axis {{ stroke: #444; fill: none }} .perfect {{ stroke: #999; stroke-dasharray: 4 4 }}
ul {{ list-style: none; padding: 0 }}
</style>
<h1>What was said, and what was</h1>
<p>Across: the predicted chance of a correct answer. Up: the share that was correct. On the dashed line a
model means what it says; below it, it promises too much. {caption}.</p>
<svg viewBox="0 0 {side} {side}" role="img" aria-label="Calibration curves">
{axes}
{curves}
</svg>
<ul>
{legend}
</ul>
</html>
"""
