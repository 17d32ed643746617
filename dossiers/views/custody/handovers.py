"""Handing folders over: what is to be sent, what is on its way here, and one record with scanner and keyboard."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import may, open_to, visible
from agencies.models import Agency
from core.refusals import Refused, Stale
from dossiers.custody import folders, handovers, waiting
from dossiers.custody.permissions import CUSTODY_ROLES
from dossiers.models import HandOver
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_of
from journal.idempotency import new_form_key
from papers.models import Paper

AT_ONCE = 30
_LOADED = ("from_agency", "to_agency", "from_desk", "given_by__account", "taken_by__account")


@open_to(*CUSTODY_ROLES)
def overview(request: HttpRequest) -> HttpResponse:
    """What is to be sent, what is on its way here, what is being made, and the desk's hand-over of the shift."""
    post = request.actor.post
    under_way = _counted(handovers.open_records(post.agency_id)).order_by("given_at", "id")[:AT_ONCE]
    shown = [_row(request, record) for record in under_way]
    at_desk = post.desk is not None and waiting.held_at_desk(post.agency_id, post.desk_id).count()
    context = {
        "destinations": waiting.destinations(post.agency_id),
        "incoming": [row for row in shown if row["to_take"]],
        "outgoing": [row for row in shown if not row["to_take"]],
        "desk": post.desk,
        "at_desk": at_desk,
        "key": new_form_key(),
        "at": timezone.now(),
        "subnav": navigation(request),
    }
    return render(request, "dossiers/custody/overview.html", context)


def _counted(records: Any) -> Any:
    return records.select_related(*_LOADED).annotate(number=Count("items"))


def _row(request: HttpRequest, record: HandOver) -> dict[str, Any]:
    mine = record.given_by is not None and record.given_by.account_id == request.user.pk
    given = record.given_at is not None and record.taken_at is None
    return {"record": record, "to_take": given and may(request.actor, "take", record) and not mine}


@open_to(*CUSTODY_ROLES)
def records(request: HttpRequest) -> HttpResponse:
    """Every record that the actor may see, newest first."""
    page = page_of(request, _counted(visible(request.actor, HandOver.objects.all())), key="id", newest_first=True)
    context = {"page": page, "rows": page.rows, "subnav": navigation(request)}
    return render(request, "dossiers/custody/records.html", context)


@open_to(*CUSTODY_ROLES)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A record for one destination, or for the next shift; pressed twice it is one."""
    kind = HandOver.Kind.SHIFT if request.POST.get("kind") == HandOver.Kind.SHIFT else HandOver.Kind.AGENCY
    wanted = request.POST.get("to", "")
    post = request.actor.post
    to_agency = post.agency if kind == HandOver.Kind.SHIFT else _agency(wanted)
    if to_agency is None:
        messages.error(request, _("Hãy chọn cơ quan nhận."))
        return redirect("hand-overs")
    try:
        made = handovers.begin_handover(
            kind,
            to_agency=to_agency,
            by=request.actor,
            at=timezone.now(),
            key=request.POST.get("key", "")[:40] or new_form_key(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("hand-overs")
    return redirect("hand-over", made.uid)


def _agency(pk: str) -> Agency | None:
    return Agency.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None


def _found(request: HttpRequest, uid: Any) -> HandOver:
    return get_object_or_404(visible(request.actor, HandOver.objects.select_related(*_LOADED)), uid=uid)


@open_to(*CUSTODY_ROLES)
def record(request: HttpRequest, uid: Any) -> HttpResponse:
    return _shown(request, _found(request, uid))


def _shown(
    request: HttpRequest, record: HandOver, *, said: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    """The record as it stands: being made, on its way, or confirmed by both. htmx asks for its body only."""
    items = list(record.items.select_related("folder__dossier__edition").order_by("-id")[: handovers.AT_MOST])
    found = sum(item.found_at is not None for item in items)
    gives, takes = (may(request.actor, action, record) for action in ("give", "take"))
    by_me = record.given_by is not None and record.given_by.account_id == request.user.pk
    under_way = record.given_at is not None and record.taken_at is None
    offered = waiting.folders_offered(record).count() if gives and record.given_at is None else 0
    context = {
        "record": record,
        "items": items,
        "number": len(items),
        "found": found,
        "left": len(items) - found,
        "offered": offered,
        "is_draft": record.given_at is None,
        "making": gives and record.given_at is None,
        "taking": takes and under_way and not by_me,
        "waiting": under_way and (by_me or not takes),
        "recallable": gives and under_way and (by_me or not takes),
        "under_way": under_way,
        "missing": [item for item in items if item.missing],
        "paper": Paper.objects.filter(code=record.paper_code).first() if record.paper_code else None,
        "said": said,
        "wrong": wrong,
        "subnav": navigation(request),
    }
    part = "record_body" if request.htmx else "record"
    return render(request, f"dossiers/custody/{part}.html", context, status=status)


@open_to(*CUSTODY_ROLES)
@require_POST
def act(request: HttpRequest, uid: Any, action: str) -> HttpResponse:
    """One act on a record. A scan answers with the body alone when htmx asks; without scripts one comes back to it."""
    shown = _found(request, uid)
    step = _ACTS.get(action)
    if step is None or not may(request.actor, step[0], shown):
        return _shown(request, shown, wrong=_("Vị trí của bạn không được làm việc này với biên bản."), status=403)
    try:
        said = step[1](request, shown)
    except Stale as refusal:
        return _shown(request, _found(request, uid), wrong=str(refusal.sentence), status=_status(request, 409))
    except Refused as refusal:
        if refusal.code == "dropped":
            messages.error(request, str(refusal.sentence))
            return redirect("hand-overs")
        return _shown(request, _found(request, uid), wrong=str(refusal.sentence), status=422)
    if request.htmx:
        return _shown(request, _found(request, uid), said=said)
    if said:
        messages.success(request, said)
    return redirect("hand-overs") if action == "drop" else redirect("hand-over", uid)


def _status(request: HttpRequest, status: int) -> int:
    return 422 if request.htmx else status  # what htmx puts into the page


def _scan(request: HttpRequest, record: HandOver) -> str:
    codes = folders.each_scanned(_typed(request), lambda dossier: handovers.add_folder(record, dossier))
    return _("Đã thêm %(codes)s.") % {"codes": ", ".join(codes)}


def _tick(request: HttpRequest, record: HandOver) -> str:
    at = timezone.now()
    codes = folders.each_scanned(
        _typed(request), lambda dossier: handovers.find_handover(record, dossier, by=request.actor, at=at)
    )
    return _("Đã thấy %(codes)s.") % {"codes": ", ".join(codes)}


def _typed(request: HttpRequest) -> str:
    return request.POST.get("code", "").replace("\x00", "")[:4000]


def _add_all(request: HttpRequest, record: HandOver) -> str:
    number = handovers.add_offered(record)
    return ngettext("Đã thêm %(number)d túi.", "Đã thêm %(number)d túi.", number) % {"number": number}


def _remove(request: HttpRequest, record: HandOver) -> str:
    pk = request.POST.get("item", "")
    if pk.isdecimal() and len(pk) < 19:
        handovers.remove_folder(record, int(pk))
    return _("Đã bỏ túi khỏi biên bản.")


def _drop(request: HttpRequest, record: HandOver) -> str:
    handovers.drop_handover(record)
    return _("Đã bỏ biên bản. Các túi lại chờ gửi.")


def _give(request: HttpRequest, record: HandOver) -> str:
    handovers.give_handover(record, by=request.actor, at=timezone.now())
    return _("Đã xác nhận giao. Bên nhận thấy biên bản ngay bây giờ.")


def _recall(request: HttpRequest, record: HandOver) -> str:
    handovers.recall_handover(record, by=request.actor, at=timezone.now())
    return _("Đã thu hồi. Biên bản lại là bản đang lập.")


def _tick_all(request: HttpRequest, record: HandOver) -> str:
    handovers.find_all(record, by=request.actor, at=timezone.now())
    return _("Đã đánh dấu thấy đủ các túi.")


def _take(request: HttpRequest, record: HandOver) -> str:
    given = request.POST.get("missing", "0")
    missing = int(given) if given.isdecimal() and len(given) < 5 else 0
    handovers.take_handover(record, by=request.actor, at=timezone.now(), missing=missing)
    return _("Đã xác nhận nhận. Biên bản giao nhận đã lập.")


# action: (what the actor must be allowed to do with the record, what it does and says)
_ACTS = {
    "scan": ("give", _scan),
    "all": ("give", _add_all),
    "remove": ("give", _remove),
    "drop": ("give", _drop),
    "give": ("give", _give),
    "recall": ("give", _recall),
    "tick": ("take", _tick),
    "tick-all": ("take", _tick_all),
    "take": ("take", _take),
}
