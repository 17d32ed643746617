"""Dossiers whose time of keeping is over: what is due, and the lists that two people decide on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import open_to
from core.refusals import Refused
from core.typed_keys import typed_key
from core.version_buttons import posted_revision
from core.version_pages import Rights, press_posted_button, version_context
from core.versions import VersionRefused
from dossiers.forms.retention import KeepForm
from dossiers.lifecycle.retention import due, lists
from dossiers.lifecycle.retention.permissions import DECIDERS, lists_of, own_agencies
from dossiers.models import DestructionItem, DestructionList
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_of

RIGHTS = Rights(may_edit=True, may_decide=True)  # whoever may write a list may decide on another person's
_COUNTED = 1000  # of an agency at most
_AGENCIES = 200


@open_to(*DECIDERS)
@require_safe
def destruction_list(request: HttpRequest) -> HttpResponse:
    """What is due now, agency by agency (the dry run), and the lists there are."""
    at = timezone.now()
    agencies = own_agencies(request.actor)
    rows = due.due_dossiers(agencies, at).order_by()
    found = rows.values_list("settling_agency", "receiving_agency")[: _COUNTED + 1]
    numbers: dict[int, int] = {}
    for settling, receiving in found:
        numbers[settling or receiving] = numbers.get(settling or receiving, 0) + 1
    page = page_of(request, lists_of(request.actor).select_related("agency"), key="id", newest_first=True)
    context = {
        "due": [
            {"agency": agency, "number": numbers[agency.pk]}
            for agency in agencies.filter(pk__in=numbers).order_by("sort_key", "name")[:_AGENCIES]
        ],
        "more": len(found) > _COUNTED,
        "page": page,
        "subnav": navigation(request),
    }
    return render(request, "dossiers/manage/destruction_lists.html", context)


@open_to(*DECIDERS)
@require_POST
def draw_up(request: HttpRequest) -> HttpResponse:
    """A new draft of what is due of one agency."""
    key = request.POST.get("agency", "")
    agency = get_object_or_404(own_agencies(request.actor), pk=typed_key(key))
    try:
        made = lists.draw_up_list(agency, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("manage-destruction")
    return redirect("manage-destruction-list", made.uid)


@open_to(*DECIDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def one_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A list with its dossiers; a draft is looked through, a submitted one decided on by another person."""
    made = get_object_or_404(lists_of(request.actor).select_related("agency"), uid=uid)
    refused: Refused | None = None
    form, status = KeepForm(), 200
    if request.method == "POST":
        form = KeepForm(request.POST) if "item" in request.POST else form
        try:
            if not form.is_bound or form.is_valid():
                return _posted(request, made, form)
            status = 422
        except Refused as refusal:
            refused, status = refusal, 409
        made.refresh_from_db()
    items = made.items.select_related("dossier__edition", "period").defer(
        "dossier__search_vector", "dossier__answers", "dossier__edition__facts"
    )
    context = {
        "made": made,
        "items": [_row(item) for item in items],
        "form": form,
        "wrong_item": request.POST.get("item", "") if form.is_bound else "",
        **version_context(request, lists.DESTRUCTION, made if made.is_undecided else None, RIGHTS, refused),
        "subnav": navigation(request),
    }
    return render(request, "dossiers/manage/destruction_list.html", context, status=status)


def _posted(request: HttpRequest, made: DestructionList, form: KeepForm) -> HttpResponse:
    """Raises Refused."""
    page = reverse("manage-destruction-list", args=[made.uid])
    if form.is_bound:
        item = get_object_or_404(
            DestructionItem.objects.select_related("list"), list=made, pk=form.cleaned_data["item"]
        )
        lists.keep_dossier(
            item,
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            revision=posted_revision(request.POST),
            by=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("Hồ sơ này được giữ lại."))
    else:
        if request.POST.get("do") == "undo":
            raise VersionRefused(_("Trang không có nút đó. Hãy tải lại trang rồi thử lại."))
        return press_posted_button(
            request, lists.DESTRUCTION, made, RIGHTS, page=page, gone=reverse("manage-destruction")
        )
    return redirect(page)


def _row(item: DestructionItem) -> dict[str, Any]:
    return {
        "item": item,
        "code": item.dossier.code or "",
        "title": item.dossier.edition.local_title,
        "hindrance": due.HINDRANCES.get(item.hindrance, ""),
    }
