"""What the work list is narrowed to and in which order it stands: by the address, and the same for bulk actions."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import StaffPost
from core.kept_queries import ANY_KEYS, Among, KeptQuery
from dossiers.models import Dossier, Involvement, State, Tally, TallyChange
from procedures import display
from procedures.models import Edition

_AT_STEPS = KeptQuery(
    lambda keys: (
        Dossier.objects.filter(Among("pk", keys), step__isnull=False)
        .select_related("step")
        .only("step__act", "step__key", "step__name", "step__name_en")
    ),
    keys=ANY_KEYS,
)
_NAMED = ("title", "title_en", "procedure__code")
_PROCEDURES = KeptQuery(
    lambda keys: Edition.objects.filter(Among("pk", keys)).select_related("procedure").only(*_NAMED).order_by(),
    keys=ANY_KEYS,
)
AT_MOST = 200  # choices in one filter
LOOKED_AT = 2_000  # dossiers of a list whose procedures, steps and holders it offers as choices
NOBODY = "none"
FILTERS = ("procedure", "step", "person")
# Column, its heading, and the fields that order it; the last makes the order whole.
COLUMNS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("code", gettext_lazy("Mã hồ sơ"), ("dossier_id",)),
    ("owner", gettext_lazy("Chủ hồ sơ"), ("dossier__sort_key", "dossier_id")),
    ("procedure", gettext_lazy("Thủ tục"), ("edition__title", "dossier_id")),
    ("state", gettext_lazy("Trạng thái"), ("state", "dossier_id")),
    ("step", gettext_lazy("Bước, người giữ"), ("dossier__step__position", "dossier_id")),
    ("step_due", gettext_lazy("Hạn bước"), ("listed_at", "dossier_id")),
    ("due", gettext_lazy("Hạn trả, còn lại"), ("dossier__due_at", "dossier_id")),
)
_ORDERS = {name: fields for name, _label, fields in COLUMNS}


def _settled_by(agency: int) -> QuerySet[Edition]:
    """Editions of which the agency has settled a dossier, as the tallies have it: dossiers would be read for years."""
    settled = Q(early__gt=0) | Q(on_time__gt=0) | Q(late__gt=0) | Q(unlimited__gt=0)
    kept = Tally.objects.filter(settled, grain=Tally.Grain.MONTH, settling_agency=agency)
    waiting = TallyChange.objects.filter(settled, settling_agency=agency)
    found = Edition.objects.filter(Q(pk__in=kept.values("edition")) | Q(pk__in=waiting.values("edition")))
    return found.select_related("procedure").only(*_NAMED).order_by()[:AT_MOST]


_SETTLED = KeptQuery(_settled_by, agency=-1)


def narrowed(found: QuerySet[Involvement], given: Mapping[str, str]) -> QuerySet[Involvement]:
    """A list (`lists.listed`) of the procedure, step and person that `given` names; what makes no sense narrows
    nothing."""
    if procedure := _plain(given, "procedure"):
        found = found.filter(edition__procedure__code=procedure)
    if step := _plain(given, "step"):
        found = found.filter(step_act=step)
    person = _plain(given, "person")
    if person == NOBODY:
        return found.filter(holder=None)
    if person.isascii() and person.isdigit() and len(person) < 19:
        return found.filter(holder=int(person))
    return found


def _plain(given: Mapping[str, str], name: str) -> str:
    return given.get(name, "").replace("\x00", "")[:80]


def order_of(request: HttpRequest, view: str) -> tuple[str, ...]:
    """The fields that the list is ordered by: as asked, else what is due first by its step, so that overdue steps stand
    on top; what is done stands newest first."""
    asked = request.GET.get("sort", "")
    fields = _ORDERS.get(asked.removeprefix("-"))
    if fields is None:
        return ("-dossier_id",) if view == "done" else _ORDERS["step_due"]
    return tuple(f"-{field}" for field in fields) if asked.startswith("-") else fields


def heads(request: HttpRequest, view: str) -> list[dict[str, Any]]:
    """The columns' headings, each with the address that sorts by it."""
    asked = request.GET.get("sort", "") or ("-code" if view == "done" else "step_due")
    found = []
    for name, label, _fields in COLUMNS:
        up, down = asked == name, asked == f"-{name}"
        direction = "ascending" if up else "descending" if down else ""
        found.append(
            {"label": label, "direction": direction, "url": _address(request, sort=f"-{name}" if up else name)}
        )
    return found


def filters(request: HttpRequest, view: str, found: QuerySet[Involvement]) -> list[dict[str, Any]]:
    """The choices that the list offers: what stands in its first `LOOKED_AT` dossiers, in the order in which it stands
    unless asked, each once. Four statements however long the list.

    What is done grows with the years: there procedures are those of the tallies, and steps and people are those of
    results that nobody has fetched yet, since what was returned is at no step and with nobody."""
    if view == "done":
        found = found.filter(state=State.DONE)
    first = found.order_by(*(("-dossier_id",) if view == "done" else _ORDERS["step_due"]))
    standing = _standing(first.values("edition", "step_act", "holder", "dossier")[:LOOKED_AT])
    found_in = {edition for edition, _act, _holder, _dossier in standing}
    if view == "done":
        editions = _SETTLED.records(agency=request.actor.post.agency_id)
    else:
        editions = _PROCEDURES.records(keys=list(found_in)[:AT_MOST]) if found_in else []
    at_step = {act: dossier for _edition, act, _holder, dossier in standing if act}
    steps = _steps(list(at_step.values())[:AT_MOST])
    people = _named(list({holder for _edition, _act, holder, _dossier in standing})[:AT_MOST])
    return [
        _filter(
            request,
            "procedure",
            _("Thủ tục"),
            ((one.procedure.code, display.value_text(one.title, one.title_en)) for one in editions),
        ),
        _filter(
            request,
            "step",
            _("Bước"),
            ((act or key, display.value_text(name, name_en)) for act, key, name, name_en in steps),
        ),
        _filter(
            request,
            "person",
            _("Người giữ"),
            ((str(pk) if pk else NOBODY, name or _("Chưa ai nhận")) for pk, name in people),
        ),
    ]


def _standing(dossiers: QuerySet) -> list[tuple[int, str, int | None, int]]:
    """Edition, act of the step and holder of these involvements, each combination once with a dossier of it."""
    sql, params = dossiers.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT edition, step_act, holder, max(dossier) FROM ({sql}) AS listed GROUP BY 1, 2, 3",  # noqa: S608 (the text of the ORM)
            params,
        )
        return list(cursor.fetchall())


def _steps(dossiers: list[int]) -> list[tuple[Any, ...]]:
    """Act, key and name of the steps where these dossiers stand."""
    steps = [dossier.step for dossier in _AT_STEPS.records(keys=dossiers)] if dossiers else []
    return sorted((step.act, step.key, step.name, step.name_en) for step in steps if step)


def _named(posts: list[int | None]) -> list[tuple[int | None, str]]:
    """With the names of who holds them; nobody has none."""
    held = [post for post in posts if post is not None]
    names = dict(StaffPost.objects.filter(pk__in=held).values_list("pk", "account__full_name")) if held else {}
    return [(post, names.get(post, "") if post is not None else "") for post in posts]


def _filter(request: HttpRequest, name: str, label: str, found: Iterable[tuple[str, str]]) -> dict[str, Any]:
    chosen = request.GET.get(name, "")
    choices = sorted({value: text for value, text in found}.items(), key=lambda choice: choice[1])
    return {"name": name, "label": label, "chosen": chosen, "choices": choices}


def kept_query(request: HttpRequest) -> list[tuple[str, str]]:
    """What narrows the list now, for forms that ask for the same list again."""
    return [(name, request.GET[name]) for name in FILTERS if request.GET.get(name)]


def is_narrowed(request: HttpRequest) -> bool:
    return bool(kept_query(request))


def _address(request: HttpRequest, **changed: str) -> str:
    query = {name: request.GET[name] for name in ("view", *FILTERS) if request.GET.get(name)}
    return f"?{urlencode({**query, **changed})}"
