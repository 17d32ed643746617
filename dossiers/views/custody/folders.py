"""Folders by scan: where one is, saying that it is here, putting many on a shelf, and those missing or misplaced."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may, open_to, visible
from core.refusals import Refused
from dossiers.custody import folders
from dossiers.custody.folders import How, Location
from dossiers.custody.permissions import CUSTODY_ROLES, VIEWING_ROLES
from dossiers.models import Dossier, Folder, FolderMove, Place, State
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_of

MOVES_SHOWN = 50
PUT_SHOWN = 20
LOADED = ("agency", "desk", "holder__account", "wanted_at")


def _scanned(request: HttpRequest) -> str:
    given = request.GET if request.method == "GET" else request.POST
    return given.get("code", "").replace("\x00", "").strip()[:4000]


@open_to(*VIEWING_ROLES)
def find(request: HttpRequest) -> HttpResponse:
    """A scanned code: where the dossier's folders are, who has them, and how they came there."""
    text = _scanned(request)
    dossier, wrong = None, ""
    if text:
        try:
            dossier = folders.dossiers_scanned(text)[0]
        except Refused as refusal:
            wrong = str(refusal.sentence)
    return _sheet(request, dossier, text=text, wrong=wrong, status=404 if wrong else 200)


def _sheet(
    request: HttpRequest, dossier: Dossier | None, *, text: str = "", wrong: str = "", note: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "code": text,
        "wrong": wrong,
        "note": note,
        "dossier": dossier,
        "subnav": navigation(request),
    }
    if dossier is not None:
        context |= {
            "known": may(request.actor, "view", dossier),
            "folders": [_card(request, folder) for folder in dossier.folders.select_related(*LOADED).order_by("kind")],
            "openable": may(request.actor, "put", Folder) and dossier.state in _HOLDING,
        }
    return render(request, "dossiers/custody/find.html", context, status=status)


_HOLDING = (State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.FINANCIAL, State.STOPPED, State.DONE)


def _card(request: HttpRequest, folder: Folder) -> dict[str, Any]:
    """A folder with its moves, newest first, and what the actor may say about it."""
    post = request.actor.post
    moves = folder.moves.select_related("agency", "desk", "holder__account").order_by("-id")[:MOVES_SHOWN]
    record = folders.under_way(folder)
    mine = folder.holder_id == post.pk and folder.place in (Place.DESK, Place.DEPARTMENT)
    return {
        "folder": folder,
        "where": where(folder),
        "record": record if record and may(request.actor, "view", record) else None,
        "moves": [_line(move) for move in moves],
        "puttable": may(request.actor, "put", Folder) and record is None and not mine,
        "stranger": folder.agency_id != post.agency_id,
        "posted": folder.place == Place.COURIER and bool(folder.tracking_number) and folder.agency_id == post.agency_id,
    }


def where(spot: Folder | FolderMove) -> str:
    """Kệ KE-A1, Kho lưu trữ, Sở Tư pháp; the place in words, the nearest first."""
    near = spot.shelf or (spot.desk.local_name if spot.desk and spot.place == Place.DESK else spot.get_place_display())
    parts = [_("Kệ %(shelf)s") % {"shelf": spot.shelf} if spot.shelf else near]
    if spot.tracking_number:
        parts.append(_("bưu gửi %(number)s") % {"number": spot.tracking_number})
    if spot.place != Place.APPLICANT:
        parts.append(spot.agency.local_name)
    return ", ".join(dict.fromkeys(parts))


def folder_lines(dossier: Dossier) -> list[dict[str, Any]]:
    """One line for each of the dossier's folders: where it is, who has it, since when."""
    return [{"folder": f, "where": where(f)} for f in dossier.folders.select_related(*LOADED).order_by("kind")]


def _line(move: FolderMove) -> dict[str, Any]:
    """For components/timeline.html."""
    text = [str(move.get_how_display())] + ([move.note] if move.note else [])
    return {"title": where(move), "at": move.at, "by": move.by, "text": " · ".join(text)}


@open_to(*CUSTODY_ROLES)
@require_POST
def put(request: HttpRequest, pk: int) -> HttpResponse:
    """“It is here”; or what the post reported of a result that it carried."""
    folder = get_object_or_404(Folder.objects.select_related("dossier", *LOADED), pk=pk)
    post, note = request.actor.post, request.POST.get("note", "").replace("\x00", "").strip()[:300]
    to, how = folders.location_of(post), How.SCANNED
    if request.POST.get("delivered") and folder.tracking_number:
        to, how = (
            Location(Place.APPLICANT, folder.agency, desk=folder.desk, tracking_number=folder.tracking_number),
            How.RETURNED,
        )
    try:
        folders.place_folder(folder, to, by=request.actor, at=timezone.now(), how=how, note=note)
    except Refused as refusal:
        return _sheet(
            request, folder.dossier, text=str(folder.dossier.code), wrong=str(refusal.sentence), note=note, status=422
        )
    messages.success(
        request, _("Đã ghi: %(where)s.") % {"where": where(Folder.objects.select_related(*LOADED).get(pk=pk))}
    )
    return redirect(f"{reverse('folder-find')}?code={folder.dossier.code}")


@open_to(*CUSTODY_ROLES)
@require_POST
def open_here(request: HttpRequest, code: str) -> HttpResponse:
    """Paper of a dossier that has none on record yet, as when an online filer brings the originals."""
    dossier = get_object_or_404(visible(request.actor, Dossier.objects.sent()), code=code)
    if dossier.state in _HOLDING:
        at = timezone.now()
        folder = folders.open_folder(
            dossier,
            Folder.Kind.PAPERS,
            folders.location_of(request.actor.post),
            by=request.actor.label,
            at=at,
            how=How.RECEIVED,
        )
        wanted = dossier.step.agency if dossier.step is not None else dossier.settling_agency
        if wanted is not None:
            folders.want_folder(folder, wanted, folders.follows_by(request.actor.post.agency, at), since=at)
    return redirect(f"{reverse('folder-find')}?code={dossier.code}")


@open_to(*CUSTODY_ROLES)
def shelf(request: HttpRequest) -> HttpResponse:
    """Put away: a shelf's label, then covers in a row. Another shelf's label changes the shelf."""
    given = request.GET if request.method == "GET" else request.POST
    name, wrong, said = given.get("shelf", "").replace("\x00", "")[:60], "", ""
    archive = request.actor.post.agency
    try:
        name = folders.shelf_named(name, archive) if name.strip() else ""
        if request.method == "POST" and (text := _scanned(request)):
            if other := folders.shelf_scanned(text, archive):
                name, said = other, _("Đã chuyển sang kệ %(shelf)s.") % {"shelf": other}
            elif not name:
                wrong = _("Hãy quét mã kệ trước.")
            else:
                said = _put_away(request, name, text)
    except Refused as refusal:
        wrong = str(refusal.sentence)
        name = folders.shelf_scanned(name, archive)
    if request.method == "POST" and not request.htmx and not wrong:
        if said:
            messages.success(request, said)
        return redirect(f"{reverse('folder-shelf')}?shelf={name}")
    context = {
        "shelf": name,
        "wrong": wrong,
        "said": said,
        "moves": _put_last(request, name) if name else [],
        "subnav": navigation(request),
    }
    part = "shelf_body" if request.htmx else "shelf"
    return render(request, f"dossiers/custody/{part}.html", context, status=422 if wrong else 200)


def _put_away(request: HttpRequest, name: str, text: str) -> str:
    post, at = request.actor.post, timezone.now()
    to = Location(Place.ARCHIVE, post.agency, holder=post, shelf=name)

    def put_one(dossier: Dossier) -> None:
        folder = dossier.folders.filter(agency=post.agency).order_by("kind").first()
        if folder is None:
            raise Refused(
                "not_here",
                _("Túi %(code)s không có ở cơ quan bạn theo sổ. Hãy nhận túi trước khi cất.") % {"code": dossier.code},
            )
        folders.place_folder(folder, to, by=request.actor, at=at)

    return _("Đã cất %(codes)s.") % {"codes": ", ".join(folders.each_scanned(text, put_one))}


def _put_last(request: HttpRequest, name: str) -> list[FolderMove]:
    rows = FolderMove.objects.filter(place=Place.ARCHIVE, shelf=name, agency=request.actor.post.agency_id)
    return list(rows.select_related("folder__dossier").order_by("-id")[:PUT_SHOWN])


@open_to(*VIEWING_ROLES)
def missing(request: HttpRequest) -> HttpResponse:
    """What is not where it should be, what is waited for longest first."""
    at = timezone.now()
    mine = visible(request.actor, Folder.objects.select_related(*LOADED, "dossier__edition", "dossier__step__agency"))
    page = page_of(request, folders.missing_or_misplaced(mine, at=at), key="wanted_by")
    context = {
        "rows": [{"folder": folder, "where": where(folder), "why": _why(folder, at)} for folder in page.rows],
        "page": page,
        "subnav": navigation(request),
    }
    return render(request, "dossiers/custody/missing.html", context)


def _why(folder: Any, at: Any) -> str:
    if folder.missed:
        return _("Bên nhận không thấy trong chuyến bàn giao")
    if folder.wanted_at is not None and folder.wanted_by < at:
        return _("Chưa đến %(agency)s") % {"agency": folder.wanted_at.local_name}
    return _("Hồ sơ đang xử lý ở %(agency)s") % {"agency": folder.dossier.step.agency.local_name}
