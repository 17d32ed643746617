"""The picture of a route as SVG: one column that fits a telephone and a sheet of paper, text kept as text.

Boxes stand under one another along the spine; a branch of opinions hangs under its step and joins again before the
next; a return is a dashed line back. Colours and sizes are attributes, since pages allow no inline styles.
"""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from procedures.routes.amounts import limit_words, words
from procedures.routes.checking import total
from procedures.routes.steps import Consulted, Step
from procedures.routes.words import role_name, step_name

WIDTH = 400
_LEFT, _RIGHT, _BRANCH = 40, 366, 72
_LINE, _PAD, _GAP = 18, 10, 18
_INK, _SOFT, _LINES, _ACCENT, _PALE = "#221d19", "#5b534c", "#857b71", "#9d1c20", "#fbeceb"
_LANES = 4


@dataclass(frozen=True)
class _Text:
    words: str
    bold: bool = False
    colour: str = _INK


def draw_route(
    steps: Sequence[Step],
    agencies: Mapping[str, str],
    *,
    title: str,
    wrong: Collection[str] = (),
    identity: str = "route",
) -> SafeString:
    """The whole picture. `agencies` names agency keys, `wrong` holds keys of steps to mark, `identity` makes its ids.

    The description in it tells the route to whoever does not see it.
    """
    parts: list[SafeString] = []
    places: dict[str, tuple[float, float]] = {}
    bottom = 8.0
    for position, step in enumerate(steps, start=1):
        top = bottom
        box, bottom = _step(position, step, agencies, top, marked=step.key in wrong)
        places[step.key] = (top, bottom)
        parts.append(box)
        if step.opinions:
            branch, bottom = _branch(step.opinions, agencies, bottom)
            parts.append(branch)
        if position < len(steps):
            parts.append(_arrow(20, bottom, bottom + _GAP))
            bottom += _GAP
    height = round(bottom + 10)
    description = _("Quy trình %(n)s bước, cộng %(sum)s.") % {"n": len(steps), "sum": words(total(steps))}
    description += " " + "; ".join(f"{n}. {step_name(s)} ({role_name(s.role)})" for n, s in enumerate(steps, start=1))
    return format_html(
        '<svg class="oss-route" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-title {}-desc" font-size="13" fill="{}">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>'
        '<defs><marker id="{}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{}"/></marker></defs>{}{}</svg>',
        WIDTH,
        height,
        identity,
        identity,
        _INK,
        identity,
        title,
        identity,
        description,
        identity,
        _LINES,
        format_html_join("", "{}", ((part,) for part in parts)),
        _returns(steps, places, identity),
    )


def _step(
    position: int, step: Step, agencies: Mapping[str, str], top: float, *, marked: bool
) -> tuple[SafeString, float]:
    limit = words(step.exact) if step.limit or step.opinions else _share(step)
    texts = [_Text(line, bold=True) for line in _wrapped(step_name(step) or "…", 30)]
    who = role_name(step.role) or "?"
    if step.agency_key:
        who += " · " + agencies.get(step.agency_key, step.agency_key)
    texts += [_Text(line, colour=_SOFT) for line in _wrapped(who, 42)]
    if step.product:
        texts += [_Text(line) for line in _wrapped(_("Ra: %(product)s") % {"product": step.product}, 42)[:3]]
    if step.opens:
        opened = _("Mở hồ sơ liên thông %(code)s") % {"code": step.opens.procedure}
        if step.opens.agency_key:
            opened += " · " + agencies.get(step.opens.agency_key, step.opens.agency_key)
        if step.opens.wait:
            opened += ", " + _("chờ kết quả")
        texts += [_Text(line, colour=_ACCENT) for line in _wrapped(opened, 42)]
    height = _PAD * 2 + _LINE * len(texts) - 4
    edge = _ACCENT if marked else _LINES
    return (
        format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="#fff" stroke="{}" stroke-width="{}"/>'
            '<circle cx="20" cy="{}" r="13" fill="{}"/>'
            '<text x="20" y="{}" text-anchor="middle" font-weight="600" fill="#fff">{}</text>'
            '<text x="{}" y="{}" text-anchor="end" font-weight="600" fill="{}">{}</text>{}',
            _LEFT,
            top,
            _RIGHT - _LEFT,
            height,
            edge,
            3 if marked else 1.5,
            top + 18,
            _ACCENT if marked else _INK,
            top + 22.5,
            position,
            _RIGHT - 10,
            top + _PAD + 12,
            _ACCENT,
            limit,
            _lines(texts, _LEFT + 10, top + _PAD + 12),
        ),
        top + height,
    )


def _share(step: Step) -> str:
    return f"{float(step.share * 100):g} %".replace(".", ",") if step.share else "?"


def _branch(opinions: Sequence[Consulted], agencies: Mapping[str, str], top: float) -> tuple[SafeString, float]:
    """The opinions side by side in time, one under another on the sheet, between a fork and a join."""
    parts = []
    at = top + 10
    last = at
    for opinion in opinions:
        asked = agencies.get(opinion.agency_key, opinion.agency_key) or _("Cơ quan do người thụ lý chọn")
        texts = [_Text(line, bold=True) for line in _wrapped(asked, 28)]
        texts += [_Text(line, colour=_SOFT) for line in _wrapped(role_name(opinion.role), 38)]
        texts += [_Text(line) for line in _wrapped(opinion.question, 38)[:3]]
        height = _PAD * 2 + _LINE * len(texts) - 4
        last = at + 18
        parts.append(
            format_html(
                '<path d="M52 {}H{}" stroke="{}" stroke-width="1.5"/>'
                '<rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="{}" stroke="{}"/>'
                '<text x="{}" y="{}" text-anchor="end" font-weight="600" fill="{}">{}</text>{}',
                last,
                _BRANCH,
                _LINES,
                _BRANCH,
                at,
                _RIGHT - _BRANCH,
                height,
                _PALE,
                _LINES,
                _RIGHT - 10,
                at + _PAD + 12,
                _ACCENT,
                limit_words(opinion.limit) if opinion.limit else "?",
                _lines(texts, _BRANCH + 10, at + _PAD + 12),
            )
        )
        at += height + 8
    joined = _("Đủ ý kiến thì sang bước sau") if len(opinions) > 1 else _("Có ý kiến thì sang bước sau")
    fork = format_html(
        '<path d="M52 {}V{}M52 {}V{}H20" stroke="{}" stroke-width="1.5" fill="none"/>'
        '<text x="{}" y="{}" fill="{}" font-size="12">{}</text>',
        top,
        last,
        last,
        at + 8,
        _LINES,
        _BRANCH,
        at + 12,
        _SOFT,
        joined,
    )
    return format_html("{}{}", fork, format_html_join("", "{}", ((part,) for part in parts))), at + 20


def _returns(steps: Sequence[Step], places: Mapping[str, tuple[float, float]], identity: str) -> SafeString:
    """Dashed lines in lanes at the right edge; what finds no lane is still said in the text of the page."""
    ways = [(step.key, target) for step in steps for target in step.back_to if target in places]
    return format_html_join(
        "",
        '<path d="M{} {}h{}V{}h-{}" stroke="{}" stroke-width="1.5" stroke-dasharray="4 3" fill="none" '
        'marker-end="url(#{}-head)"/>',
        (
            (
                _RIGHT,
                places[origin][0] + 26,
                lane,
                places[target][0] + 12,
                lane,
                _LINES,
                identity,
            )
            for origin, target, lane in (
                (origin, target, 8 + 6 * (n % _LANES)) for n, (origin, target) in enumerate(ways)
            )
        ),
    )


def _arrow(x: float, top: float, bottom: float) -> SafeString:
    return format_html(
        '<path d="M{} {}V{}" stroke="{}" stroke-width="2"/><path d="M{} {}l5 0l-5 7l-5 -7z" fill="{}"/>',
        x,
        top - 4,
        bottom - 2,
        _LINES,
        x,
        bottom - 4,
        _LINES,
    )


def _lines(texts: Sequence[_Text], x: float, y: float) -> SafeString:
    return format_html_join(
        "",
        '<text x="{}" y="{}" font-weight="{}" fill="{}">{}</text>',
        ((x, y + n * _LINE, "600" if t.bold else "400", t.colour, t.words) for n, t in enumerate(texts)),
    )


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width) or []
