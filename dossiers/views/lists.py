"""Lists of dossiers for staff: which dossiers each shows, in which order, and what a row says."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from accounts import lookups
from accounts.models import StaffPost
from accounts.permissions import visible
from core.kept_queries import ANY_KEYS, Among, KeptQuery
from dossiers import search
from dossiers.access import involvements
from dossiers.access.relations import STAND_INS
from dossiers.models import (
    WAITING_STATES,
    WORK_KINDS,
    AlertKind,
    DeadlineAlert,
    Dossier,
    DossierEvent,
    Involvement,
    State,
)
from dossiers.views import paging, sheet
from dossiers.views.navigation import items as navigation
from procedures.display import value_text

_SHOWN = (
    "code", "revision", "state", "substate", "owner_name", "sort_key", "contact_phone", "return_method",
    "return_address", "filed_at", "answer_due_at", "received_at", "due_at", "finished_at", "fee_amount",
    "fee_settled_at", "settling_agency", "receiving_agency", "help_desk", "return_desk", "edition__title",
    "edition__title_en", "holder__account__full_name", "step__key", "step__act", "step__name", "step__name_en",
    "step__role", "step__agency", "step__holder", "step__due_at", "destroyed_at",
    "settling_agency__calendar__revision",  # says how much time is left
)  # fmt: skip
_JOINED = ("step", "edition", "holder__account", "settling_agency__calendar")
_DESKS = ("help_desk", "return_desk")  # by which a counter has to do with a dossier, and nobody else
# With what a row of a list shows and what the actions for many ask, and nothing more: the route, the answers and the
# words to search by are most of a dossier.
_ROWS = KeptQuery(
    lambda keys: Dossier.objects.filter(Among("pk", keys)).select_related(*_JOINED).only(*_SHOWN), keys=ANY_KEYS
)
VIEWS = ("mine", "opinions", "apologies", "unit", "others", "paused", "done")
COUNTED_AT_MOST = 999
_COUNTED = tuple(view for view in VIEWS if view != "done")
_ANY_AGENCY, _ANY_POST, _ANY_TIME = -1, -2, datetime(1, 1, 1, tzinfo=UTC)


EMPTY: dict[str, tuple[str | Promise, str | Promise]] = {
    "mine": (_lazy("Bạn không có việc nào chờ"), _lazy("Việc mới hiện ra ở đây khi hồ sơ được chuyển đến bạn.")),
    "opinions": (
        _lazy("Không có ý kiến nào chờ trả lời"),
        _lazy("Hồ sơ của cơ quan khác hiện ra ở đây khi họ lấy ý kiến cơ quan bạn."),
    ),
    "apologies": (
        _lazy("Không có thư xin lỗi nào chờ ký"),
        _lazy("Thư được soạn sẵn khi hồ sơ sắp hết thời gian xin gia hạn."),
    ),
    "unit": (_lazy("Đơn vị không có hồ sơ đang xử lý"), _lazy("Hồ sơ hiện ra ở đây khi bộ phận một cửa tiếp nhận.")),
    "others": (_lazy("Không có hồ sơ ở bước của người khác"), ""),
    "paused": (_lazy("Không có hồ sơ tạm dừng"), _lazy("Hồ sơ chờ bổ sung hoặc chờ nộp tiền hiện ra ở đây.")),
    "done": (_lazy("Chưa có hồ sơ xong"), ""),
}


def listed(request: HttpRequest, view: str) -> QuerySet[Involvement]:
    """One of `VIEWS`, as this post sees it: a row for each dossier."""
    return _listed(request.actor.post, view, timezone.now())


def _listed(post: StaffPost, view: str, at: datetime) -> QuerySet[Involvement]:
    kinds = (Involvement.Kind.ASKED,) if view == "opinions" else WORK_KINDS
    if view == "done" and post.agency.took_over:
        return involvements.settled_for(post.agency, _which(post, view))
    found = involvements.listed_for(post.agency_id, kinds, _which(post, view))
    if view == "apologies":
        same_date = {"dossier": OuterRef("dossier"), "due_at": OuterRef("dossier__due_at")}
        noticed = DeadlineAlert.objects.filter(kind=AlertKind.APOLOGY, **same_date)
        # Too late for more time, an apology is what is left to sign, once.
        signed = DossierEvent.objects.filter(
            dossier=OuterRef("dossier"), action="apologise", at__gte=OuterRef("noticed_at")
        )
        noticed = noticed.filter(~Exists(signed))
        return found.filter(Exists(noticed), dossier__due_at__gt=at)
    return found


def _which(post: StaffPost, view: str) -> Q:
    """The involvements of the post's agency that a list is made of."""
    if view == "opinions":
        return Q(kind=Involvement.Kind.ASKED)
    if view == "apologies":
        return Q(state=State.PROCESSING)
    if view == "done":
        return Q(state__in=(State.DONE, State.RETURNED))
    if view == "paused":
        return Q(state__in=WAITING_STATES) | Q(state=State.PROCESSING, suspended=True)
    running = Q(state__in=(State.PROCESSING, State.WITHDRAWN))
    roles = [post.role, *(role for role, others in STAND_INS.items() if post.role in others)]
    mine = Q(holder=post) | Q(holder=None, step_role__in=roles)
    if view == "mine":
        return running & mine
    return running if view == "unit" else running & ~mine


def counts(request: HttpRequest) -> dict[str, str]:
    """How many dossiers stand in each of `VIEWS`, in words; what is done grows for ever and is not counted."""
    said = {view: str(n) if n <= COUNTED_AT_MOST else f"{COUNTED_AT_MOST}+" for view, n in numbers(request).items()}
    return {view: said.get(view, "") for view in VIEWS}


def numbers(request: HttpRequest) -> dict[str, int]:
    """How many dossiers stand in each of `VIEWS` that is counted, in one statement that stops at one more than is
    said."""
    post = request.actor.post
    sql, params = _counting(post.role)
    values = {_ANY_AGENCY: post.agency_id, _ANY_POST: post.pk, _ANY_TIME: timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(sql, [values.get(each, each) for each in params])
        return dict(zip(_COUNTED, cursor.fetchone(), strict=True))


@cache
def _counting(role: str) -> tuple[str, tuple[Any, ...]]:
    """The statement for posts of a role, and its parameters with stand-ins for who and when: wording it took the ORM
    longer than PostgreSQL takes to count."""
    post = StaffPost(pk=_ANY_POST, agency_id=_ANY_AGENCY, role=role)
    parts, params = [], []
    for view in _COUNTED:
        some = _listed(post, view, _ANY_TIME).values("dossier")[: COUNTED_AT_MOST + 1]
        sql, given = some.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS listed)")  # noqa: S608 (the text of the ORM)
        params += given
    return f"SELECT {', '.join(parts)}", tuple(params)


def waiting_for_return(request: HttpRequest) -> QuerySet[Involvement]:
    post = request.actor.post
    return involvements.listed_for(post.agency_id, (Involvement.Kind.COUNTER,), Q(state=State.DONE))


def page_in_order(
    request: HttpRequest, found: QuerySet[Involvement], by: tuple[str, ...], *, size: int = paging.SIZE
) -> paging.Page:
    """One page of the dossiers of a list, in the order of the fields `by`, the last of which is unique.

    In two statements: which they are, from what the order asks for alone, and then their rows.
    """
    fields = dict.fromkeys(("dossier_id", *(name.removeprefix("-") for name in by)))
    page = paging.page_in_order(request, found.values_list(*fields, named=True), by, size=size)
    return _with_rows(page, [row.dossier_id for row in page.rows], request)


def page_of_dossiers(request: HttpRequest, dossiers: QuerySet[Dossier], by: tuple[str, ...]) -> paging.Page:
    """One page of `dossiers` in the order of the fields `by`, the last of which is unique. Also in two statements: of
    all that a row joins, PostgreSQL planned longer than it searched."""
    fields = dict.fromkeys(("id", *(name.removeprefix("-") for name in by)))
    page = paging.page_in_order(request, dossiers.values_list(*fields, named=True), by)
    return _with_rows(page, [row.id for row in page.rows], request)


def _with_rows(page: paging.Page, keys: list[int], request: HttpRequest) -> paging.Page:
    rows = {dossier.pk: dossier for dossier in _ROWS.records(keys=keys)} if keys else {}
    if request.actor.role == StaffPost.Role.COUNTER:
        prefetch_related_objects(list(rows.values()), *_DESKS)
    page.rows = [rows[key] for key in keys if key in rows]
    return page


def whole_in_order(found: QuerySet[Involvement], view: str, at_most: int) -> list[int]:
    """The keys of a list's first dossiers, as it shows them."""
    by = ("-dossier_id",) if view == "done" else ("listed_at", "dossier_id")
    return list(found.order_by(*by).values_list("dossier_id", flat=True)[:at_most])


def row_of(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "standing": sheet.standing(dossier, at=at),
        "step_name": value_text(dossier.step.name, dossier.step.name_en) if dossier.step else "",
        "step_late": _step_late(dossier, at),
        "url": reverse("dossier", args=[dossier.code]),
    }


def _step_late(dossier: Dossier, at: datetime) -> bool:
    """The step it stands at is past its end; a result that waits to be fetched is late for nobody."""
    step = dossier.step
    return step is not None and step.due_at is not None and step.due_at < at and not step.follows_the_result


def search_page(request: HttpRequest, address: str) -> HttpResponse:
    """Finding a dossier among those the post may see, by words, number or code."""
    if request.method == "POST":
        return lookups.answer_lookup(request, name="q")
    words = lookups.lookup_text(request)[:200]
    dossiers = visible(request.actor, Dossier.objects.sent())
    dossiers = search.dossiers_matching(dossiers, words) if words else dossiers.none()
    page = page_of_dossiers(request, dossiers, ("-id",))
    at = timezone.now()
    context = {
        "rows": [row_of(dossier, at=at) for dossier in page.rows],
        "page": page,
        "words": words,
        "address": address,
        "subnav": navigation(request),
    }
    return render(request, "dossiers/officer/search.html", context)
