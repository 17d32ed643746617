"""Rows and cells that a page of staff draws by the hundred. A template for each took longer than reading them from the
database, so these few are filled into markup kept here; words and escaping are those of any other tag."""

import html
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dossiers.models import Dossier
from oss_portal.templatetags.portal import due_badge, icon, percent, state_tag, tone_tag, when

register = template.Library()


def _filled(markup: str, *values: object, **named: object) -> SafeString:
    """What Django's `format_html` makes, without its look at each value for words to be translated later, which took a
    tenth of a list's time."""
    filled = markup.format(*map(_escaped, values), **{name: _escaped(value) for name, value in named.items()})
    return mark_safe(filled)  # noqa: S308 (escaped here)


def _escaped(value: object) -> str:
    if isinstance(value, SafeString):
        return value
    if isinstance(value, Promise):  # its words may be safe as they stand
        return _escaped(str(value))
    return html.escape(str(value))


_NOTHING = mark_safe("")
_EMPTY = mark_safe('<td class="govuk-table__cell"></td>')
_CELL = '<td class="govuk-table__cell">'
_ROW = (
    '<tr class="govuk-table__row" data-row>{choice}'
    f'{_CELL}<a class="govuk-link oss-code" href="{{url}}">{{code}}</a></td>'
    f'{_CELL}<span class="oss-name oss-cut-short" title="{{owner}}">{{owner}}</span>{{asked}}</td>'
    f'{_CELL}<div class="oss-cut" title="{{title}}">{{title}}</div></td>'
    f'{_CELL}{{state}}</td>{_CELL}<div class="oss-cut">{{step}}{{holder}}</div></td>'
    f"{_CELL}{{step_due}}</td>{_CELL}{{due}}</td></tr>"
)
_FIGURE = '<td role="cell" data-label="{label}" class="govuk-table__cell govuk-table__cell--numeric{more}">'
_NUMBER = f'{_FIGURE}<span class="oss-number{{muted}}">{{number}}</span></td>'
_LINKED = (
    f'{_FIGURE}<a class="govuk-link govuk-link--no-visited-state oss-number" href="{{url}}">{{number}}'
    '<span class="govuk-visually-hidden"> {label}, {whose}</span></a></td>'
)


@register.simple_tag
def dossier_rows(rows: list[Mapping[str, Any]], choosing: Any = None, dense: bool = False) -> SafeString:
    """The rows of a list of dossiers (`dossiers.views.lists.row_of`), to be chosen where there is something to do with
    many of them; `dense`: a line each."""
    choose, late, asks = _("Chọn"), _("quá bước"), _("Tin nhắn chờ trả lời")
    between = " " if dense else mark_safe("<br>")
    before_holder = " · " if dense else between
    drawn = []
    for row in rows:
        dossier: Dossier = row["dossier"]
        step, holder = dossier.step, dossier.holder if dossier.step else None
        step_due = step.due_at if step else None
        drawn.append(
            _filled(
                _ROW,
                choice=_choice(row, choose) if choosing else _NOTHING,
                url=row["url"],
                code=dossier.code,
                owner=dossier.owner_name,
                asked=_asked(dossier, between, asks, dense=dense) if row.get("asked") else _NOTHING,
                title=row["title"],
                state=state_tag(dossier.state),
                step=row["step_name"],
                holder=_muted(before_holder, holder.account.full_name) if holder else _NOTHING,
                step_due=_moment(step_due, tone_tag("overdue", late, "bar") if row["step_late"] else _NOTHING),
                due=_moment(dossier.due_at, badge_of(row["standing"])),
            )
        )
    return mark_safe("".join(drawn))  # noqa: S308 (each made by _filled)


def badge_of(standing: Mapping[str, Any] | None) -> SafeString:
    """How a dossier stands (`dossiers.views.sheet.standing`); nothing where it has no due date."""
    if not standing:
        return _NOTHING
    return due_badge(standing["standing"], standing["minutes"], ended=standing["ended"], whose=standing["whose"])


def _choice(row: Mapping[str, Any], choose: str) -> SafeString:
    if not row["acts"]:
        return _EMPTY
    return _filled(
        f'{_CELL}<input type="checkbox" name="selected" value="{{}}:{{}}" data-acts="{{}}" aria-label="{{}} {{}}"'
        ' data-row-key="x"></td>',
        row["dossier"].code,
        row["dossier"].revision,
        " ".join(row["acts"]),
        choose,
        row["dossier"].code,
    )


def _asked(dossier: Dossier, between: str, asks: str, *, dense: bool) -> SafeString:
    return _filled(
        '{}<a class="govuk-link" href="{}">{} <span{}>{}</span></a>',
        between,
        reverse("dossier-messages", args=[dossier.code]),
        icon("message"),
        mark_safe(' class="govuk-visually-hidden"') if dense else "",
        asks,
    )


def _muted(before: str, name: str) -> SafeString:
    return _filled('{}<span class="oss-muted oss-name">{}</span>', before, name)


def _moment(at: datetime | None, badge: SafeString) -> SafeString | str:
    if at is None:
        return badge
    return _filled("{} {}", when(at, "day"), badge) if badge else when(at, "day")


@register.simple_tag
def choice_options(choices: Iterable[tuple[str, str]], chosen: str = "") -> SafeString:
    """The options of a `<select>`; a list may be narrowed by hundreds."""
    drawn = (
        f'<option value="{_escaped(value)}"{" selected" if value == chosen else ""}>{_escaped(text)}</option>'
        for value, text in choices
    )
    return mark_safe("".join(drawn))  # noqa: S308 (escaped here)


@register.simple_tag
def figure_cells(cells: Iterable[Mapping[str, Any]], whose: object = "") -> SafeString:
    """The numbers of a table's row, each linked to the list behind it, and its shares. `whose`: what the row is about,
    for those who hear it."""
    return mark_safe("".join(_figure(cell, whose) for cell in cells))  # noqa: S308 (each made by _filled)


def _figure(cell: Mapping[str, Any], whose: object) -> SafeString:
    more = f" oss-heat-{heat}" if (heat := cell.get("heat")) else ""
    if cell.get("is_share"):
        return _filled(_NUMBER, label=cell["label"], more=more, muted="", number=percent(cell["share"]))
    number = cell["number"]
    if not cell["url"]:
        muted = " oss-muted" if number == "0" else ""
        return _filled(_NUMBER, label=cell["label"], more=more, muted=muted, number=number)
    shown = _filled("<strong>{}</strong>", number) if cell.get("bad") else number
    return _filled(_LINKED, label=cell["label"], more=more, url=cell["url"], number=shown, whose=whose)
