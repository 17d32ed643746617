"""Public pages: the start, finding a procedure, and the procedure itself."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to
from agencies.models import Agency, Desk
from agencies.opening import opening_hours
from agencies.search import agencies_matching
from procedures import display
from procedures.display import value_text
from procedures.models import Competence, Edition, Field, LifeEvent, Procedure
from procedures.public import presentation, statistics
from procedures.public.listing import LAST_PAGE, PAGE_SIZE, Narrowing, for_list, narrowed_list, public_procedures
from procedures.questionnaire.versions import questionnaire_in_force
from procedures.search.query import fits_question
from procedures.views.guides import guide_tiles, guides_for

SUGGESTIONS = 8
TILES = 12
PLACES = 20
GUESSES = 5  # listed where nothing really fits


@open_to(PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    tiles = [_event_tile(event) for event in LifeEvent.objects.all()]
    places = Desk.objects.filter(open=True, agency__kind=Agency.Kind.PROVINCIAL_CENTRE).select_related("agency")
    return render(
        request,
        "procedures/citizen/home.html",
        {
            "life_events": tiles[:TILES],
            "more_events": tiles[TILES:],
            "popular": [
                {"title": value_text(p.current.title, p.current.title_en), "url": reverse("procedure", args=[p.code])}
                for p in for_list(public_procedures().order_by("-popularity", "code"))[:6]
            ],
            "places": places[:4],
            "on_time_share": statistics.on_time_share(timezone.now()),
        },
    )


def _event_tile(event: LifeEvent) -> dict[str, str]:
    return {
        "label": value_text(event.name, event.name_en),
        "note": value_text(event.hint, event.hint_en),
        "icon": event.icon,
        "url": f"{reverse('procedure-list')}?event={event.key}",
    }


@open_to(PUBLIC)
@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    asked = Narrowing.read(request.GET.dict())
    page = _page_number(request.GET.get("page", ""))
    found = narrowed_list(asked)
    total = found.count()
    start = (page - 1) * PAGE_SIZE
    shown = list(for_list(found)[start : start + PAGE_SIZE])
    address = reverse("procedure-list")
    later = start + PAGE_SIZE < total and page < LAST_PAGE
    unanswered = _nothing_fits(asked, total)
    if unanswered:
        shown, later, page = shown[:GUESSES] if page == 1 else [], False, 1
    return render(
        request,
        "procedures/citizen/procedure_list.html",
        {
            "asked": asked,
            "cards": [_card(procedure) for procedure in shown],
            "total": total,
            "first": start + 1,
            "last": start + len(shown),
            "chips": _chips(asked, address),
            "clear_url": address,
            "choices": _choices(),
            "guides": guide_tiles(guides_for(asked)) if page == 1 else [],
            **unanswered,
            "previous_url": f"{address}?{_with_page(asked, page - 1)}" if page > 1 else "",
            "next_url": f"{address}?{_with_page(asked, page + 1)}" if later else "",
        },
    )


def _nothing_fits(asked: Narrowing, total: int) -> dict[str, Any]:
    """Whether what is listed is only a guess, and the life events to go by instead."""
    if not asked.q or (total and fits_question(asked.q, public_procedures())):
        return {}
    return {"nothing_fits": True, "life_events": [_event_tile(event) for event in LifeEvent.objects.all()]}


def _page_number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _with_page(asked: Narrowing, page: int) -> str:
    query = asked.query()
    return f"{query}&page={page}" if query else f"page={page}"


def _card(procedure: Procedure) -> dict[str, Any]:
    edition = procedure.in_force
    limit, limit_is_unverified = display.usual_limit(edition)
    receivable = procedure.kind == Procedure.Kind.RECEIVABLE
    return {
        "code": procedure.code,
        "title": value_text(edition.title, edition.title_en),
        "url": reverse("procedure", args=[procedure.code]),
        "field": value_text(edition.field.name, edition.field.name_en),
        "limit": limit,
        "limit_is_unverified": limit_is_unverified,
        "fee": display.fee_span(edition, timezone.localdate()),
        "levels": ", ".join(str(display.LEVELS[level]) for level in edition.levels if level in ("province", "commune")),
        "referred": "" if receivable else edition.ministry,
        "online": edition.online_level != "none" and receivable,
    }


def _choices() -> dict[str, list[tuple[str, str]]]:
    """Choices of the filters: (value, label)."""
    keys = Competence.objects.values_list("agency_key", flat=True).distinct()
    names = {"commune_pc": _("Ủy ban nhân dân xã, phường"), "commune_police": _("Công an xã, phường")}
    agencies = Agency.objects.valid().filter(key__in=[key for key in keys if key not in names])
    return {
        "field": [
            (f.key, display.short_text(value_text(f.name, f.name_en)))
            for f in Field.objects.filter(editions__status="published").distinct()[:400]
        ],
        "event": [(e.key, value_text(e.name, e.name_en)) for e in LifeEvent.objects.all()[:60]],
        "level": [(level, str(display.LEVELS[level])) for level in ("province", "commune")],
        "agency": [*names.items(), *((a.key, value_text(a.name, a.name_en)) for a in agencies[:60])],
        "kind": [
            ("receivable", _("Nộp được tại tỉnh")),
            ("referred", _("Nộp tại bộ, ngành")),
        ],
    }


def _chips(asked: Narrowing, address: str) -> list[dict[str, str]]:
    chips = []
    if asked.q:
        chips.append({"label": f"“{asked.q}”", "remove_url": f"{address}?{asked.query(q='')}"})
    labels = _choices()
    for key in ("field", "event", "level", "agency", "kind"):
        value = getattr(asked, key)
        if value:
            label = dict(labels[key]).get(value, value)
            chips.append({"label": label, "remove_url": f"{address}?{asked.query(**{key: ''})}"})
    return chips


@open_to(PUBLIC)
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Procedures for what was typed so far, as options of the suggestion list."""
    asked = Narrowing.read({"q": request.GET.get("q", "")})
    found = for_list(narrowed_list(asked))[:SUGGESTIONS] if asked.q else []
    items = [
        {
            "label": value_text(p.current.title, p.current.title_en),
            "note": value_text(p.current.field.name, p.current.field.name_en),
            "url": reverse("procedure", args=[p.code]),
        }
        for p in found
    ]
    return render(request, "components/suggestions.html", {"items": items})


@open_to(PUBLIC)
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    found = _public(
        code,
        public_procedures()
        .select_related("current", "current__field")
        .defer("search_text", "search_vector")
        .prefetch_related("current__terms", "current__fee_lines", "current__documents", "life_events"),
    )
    if found.in_force.status == Edition.Status.SUSPENDED:
        messages.warning(request, _("Thủ tục đang tạm ngừng tiếp nhận hồ sơ."))
    return render(
        request, "procedures/citizen/procedure.html", page_of(found, found.in_force, request.GET.get("case", ""))
    )


def page_of(found: Procedure, edition: Edition, case: str, address: str = "") -> dict[str, Any]:
    """What the public page of a procedure shows of an edition in a case; `address` is the page's own."""
    cases = presentation.case_names(edition)
    chosen = case if case in [row["key"] for row in cases] else ""
    limit, limit_is_unverified = display.usual_limit(edition, chosen)
    case = chosen or (cases[0]["key"] if cases else "")
    receivable = found.kind == Procedure.Kind.RECEIVABLE
    address = address or reverse("procedure", args=[found.code])
    asked = questionnaire_in_force(found.pk) if receivable else None
    form = str(asked.layout.get("document", "")) if asked else ""
    form_url = reverse("procedure-form", args=[found.code]) if asked else ""
    return {
        "procedure": found,
        "edition": edition,
        "facts": edition.facts,
        "receivable": receivable,
        "title": value_text(edition.title, edition.title_en),
        "other_title": edition.title if display.english() and edition.title_en else "",
        "field": value_text(edition.field.name, edition.field.name_en),
        "guidance": display.fact_text(edition.facts, "guidance"),
        "bar": [
            {
                "label": _("Thời hạn"),
                "value": limit,
                "note": _("chờ xác nhận") if limit_is_unverified else "",
            },
            {"label": _("Phí, lệ phí"), "value": display.fee_span(edition, timezone.localdate()), "note": ""},
            {"label": _("Cách nộp"), "value": presentation.online_words(edition), "note": ""},
        ],
        "applicants": [str(display.APPLICANTS[key]) for key in edition.applicants],
        "cases": [
            {"label": row["name"], "url": f"{address}?case={row['key']}#prepare", "current": row["key"] == case}
            for row in cases
        ],
        "to_submit": presentation.documents(edition, case, show_only=False, forms={form: form_url}),
        "form_url": "" if form else form_url,
        "steps": presentation.process_steps(edition, case) if receivable else [],
        "to_show": presentation.documents(edition, case, show_only=True),
        "limits": presentation.limit_rows(edition, case),
        "fees": presentation.fee_rows(edition, case, timezone.localdate()),
        "settled_by": presentation.settled_by(edition, timezone.localdate()) if receivable else [],
        "results": [{"name": display.fact_text(r), "code": r.get("code", "")} for r in edition.facts["results"]],
        "file_url": presentation.file_url(found.code, edition),
        "elsewhere": presentation.elsewhere(edition),
        "short_url": settings.PUBLIC_URL + reverse("procedure-short", args=[found.code]),
    }


def _public(code: str, procedures: QuerySet[Procedure]) -> Procedure:
    """The procedure of a code as typed; Http404 also for a text that no code can be."""
    if not code.isprintable():
        raise Http404
    return get_object_or_404(procedures, code=code)


@open_to(PUBLIC)
@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    return redirect("procedure", code=_public(code, public_procedures().only("code")).code)


def _place(desk: Desk, hours: dict[int, Any]) -> dict[str, Any]:
    """Where, when and what a reception point takes."""
    where = f"{desk.address}, {desk.territory.name}"
    calendar = desk.calendar or desk.agency.calendar
    return {
        "name": desk.local_name,
        "address": desk.address,
        "phone": desk.agency.phone,
        "hours": hours[calendar.pk],
        "map_url": settings.MAP_LINK.format(place=quote(where)) if settings.MAP_LINK else "",
    }


@open_to(PUBLIC)
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Where to hand in: the centres and reception points, found by the name of a commune or ward."""
    asked = Narrowing.read({"q": request.GET.get("q", "")}).q
    kinds = (Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.COMMUNE_CENTRE)
    agencies = agencies_matching(Agency.objects.valid().filter(kind__in=kinds), asked).values("pk")
    desks = Desk.objects.filter(open=True, agency__in=agencies).select_related(
        "agency__calendar", "calendar", "territory"
    )
    page = _page_number(request.GET.get("page", ""))
    start = (page - 1) * PLACES
    shown = list(desks.order_by("-agency__kind", "agency__sort_key", "number")[start : start + PLACES + 1])
    address = reverse("places")
    calendars = {desk.calendar or desk.agency.calendar for desk in shown}
    hours = opening_hours(calendars, english=display.english())
    return render(
        request,
        "procedures/citizen/places.html",
        {
            "q": asked,
            "places": [_place(desk, hours) for desk in shown[:PLACES]],
            "previous_url": f"{address}?{_with_page(Narrowing(q=asked), page - 1)}" if page > 1 else "",
            "next_url": f"{address}?{_with_page(Narrowing(q=asked), page + 1)}" if len(shown) > PLACES else "",
        },
    )
