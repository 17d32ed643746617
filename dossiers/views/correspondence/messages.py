"""Messages of a dossier: the applicant's page, the staff's, and the list of what waits for an answer."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import StaffPost
from accounts.permissions import SIGNED_IN, STAFF, open_to, visible
from digitization import uploads
from digitization.cards import read_card
from digitization.uploads import UploadRefused
from dossiers.access.policies import of_applicant
from dossiers.correspondence import messages as correspondence
from dossiers.correspondence.notifications import office_of
from dossiers.forms.correspondence import MessageForm
from dossiers.lifecycle import Refused
from dossiers.models import Dossier, DossierMessage
from dossiers.views import sheet
from dossiers.views.navigation import items as navigation
from dossiers.views.office import dossier
from dossiers.views.paging import page_of
from journal.idempotency import new_form_key

Role = StaffPost.Role
_FORM = "message"  # id of the form
SHOWN = 200  # messages of one dossier on its page; a longer exchange shows its latest
_METHODS = ["GET", "HEAD", "POST"]


@open_to(SIGNED_IN, refills=True)
@require_http_methods(_METHODS)
def mine(request: HttpRequest, uid: Any) -> HttpResponse:
    sent = sheet.prefetched(of_applicant(request.actor, Dossier.objects.sent()))
    shown = get_object_or_404(sent, uid=uid)
    return _page(request, shown, reverse("my-dossier-messages", args=[shown.uid]), as_applicant=True)


@open_to(STAFF, refills=True)
@require_http_methods(_METHODS)
def of_dossier(request: HttpRequest, code: str) -> HttpResponse:
    shown = dossier.found(request, code)
    return _page(request, shown, reverse("dossier-messages", args=[shown.code]), as_applicant=False)


def _page(request: HttpRequest, shown: Dossier, address: str, *, as_applicant: bool) -> HttpResponse:
    at = timezone.now()
    may_write = as_applicant or correspondence.writes_as_staff(request.actor, shown)
    if may_write and request.htmx and "files" in request.GET:
        files = _files_page(request, shown, address, as_applicant=as_applicant)
        return render(request, "dossiers/correspondence/waiting_files.html", files)
    takes_back = request.method == "POST" and may_write and "take_back" in request.GET
    if takes_back:
        _take_back(request, shown, as_applicant=as_applicant)
    form = _form(request, as_applicant=as_applicant, typed_only=takes_back)
    sent = request.method == "POST" and may_write and not takes_back and form.is_valid()
    if sent and _written(request, shown, form, at, as_applicant=as_applicant):
        messages.success(request, _("Đã gửi tin nhắn."))
        return redirect(address)
    if may_write:
        correspondence.mark_read(shown, as_applicant=as_applicant, at=at)
    thread = list(correspondence.messages_of(shown).order_by("-id")[:SHOWN])
    context = {
        "dossier": shown,
        "title": sheet.title_of(shown),
        "thread": [_line(message, as_applicant=as_applicant, at=at) for message in reversed(thread)],
        "form": form,
        "may_write": may_write,
        **(_files_page(request, shown, address, as_applicant=as_applicant) if may_write else {}),
        "answer_days": settings.MESSAGE_ANSWER_DAYS,
        "subnav": [] if as_applicant else navigation(request),
    }
    template = "dossiers/correspondence/mine.html" if as_applicant else "dossiers/correspondence/of_dossier.html"
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, template, context, status=status)


def _form(request: HttpRequest, *, as_applicant: bool, typed_only: bool) -> MessageForm:
    """`typed_only`: shown again with what was typed, and nothing said about it."""
    key = {"key": new_form_key()}
    if typed_only:
        return MessageForm(as_applicant=as_applicant, initial=key | request.POST.dict())
    return MessageForm(
        request.POST or request.kept or None, request.FILES or None, as_applicant=as_applicant, initial=key
    )


def _files_page(request: HttpRequest, shown: Dossier, address: str, *, as_applicant: bool) -> dict[str, Any]:
    """Where files are sent before the message, and what waits there for it."""
    files = correspondence.waiting_files(shown, request.actor, as_applicant=as_applicant).select_related("scan")
    return {
        "files_url": f"{address}?files=1",
        "upload_owner": correspondence.upload_owner(shown, request.actor, as_applicant=as_applicant),
        "waiting": [read_card(file, remove_url=f"{address}?take_back={file.pk}", remove_form=_FORM) for file in files],
    }


def _take_back(request: HttpRequest, shown: Dossier, *, as_applicant: bool) -> None:
    """The writer takes a file off a message that is not sent yet; one that is gone already is no mistake."""
    files = correspondence.waiting_files(shown, request.actor, as_applicant=as_applicant)
    for file in files:
        if str(file.pk) == request.GET["take_back"]:
            uploads.discard_file(file)


def _written(request: HttpRequest, shown: Dossier, form: MessageForm, at: datetime, *, as_applicant: bool) -> bool:
    facts = form.cleaned_data
    try:
        correspondence.write_message(
            shown,
            request.actor,
            facts["text"],
            as_applicant=as_applicant,
            at=at,
            files=facts["attachments"],
            answer_by=facts.get("answer_by"),
            key=facts["key"],
        )
    except UploadRefused as refusal:
        form.add_error("attachments", str(refusal.sentence))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
    else:
        return True
    return False


def _line(message: DossierMessage, *, as_applicant: bool, at: datetime) -> dict[str, Any]:
    own = message.from_applicant == as_applicant
    return {
        "message": message,
        "own": own,
        # The applicant is answered by an office, not by a named officer, as in the dossier's history.
        "author": office_of(message) if as_applicant and not message.from_applicant else message.author,
        "files": [read_card(file) for file in message.files.all()],
        "waits": message.answer_by is not None and message.answered_at is None,
        "late": bool(message.answer_by and message.answered_at is None and message.answer_by < at),
    }


@open_to(Role.COUNTER, Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK)
def waiting(request: HttpRequest) -> HttpResponse:
    """Applicants' questions without an answer, the nearest day first."""
    view = "unit" if request.GET.get("view") == "unit" else "mine"
    page = page_of(request, _waiting(request, view), key="answer_by")
    at = timezone.now()
    context = {
        "rows": [
            {
                "message": row,
                "dossier": row.dossier,
                "title": sheet.title_of(row.dossier),
                "late": row.answer_by < at,
                "url": reverse("dossier-messages", args=[row.dossier.code]),
            }
            for row in page.rows
        ],
        "page": page,
        "views": [
            {"label": label, "url": f"{reverse('work-messages')}?view={name}", "current": name == view}
            for name, label in (("mine", _("Của tôi")), ("unit", _("Của đơn vị")))
        ],
        "subnav": navigation(request),
    }
    return render(request, "dossiers/correspondence/waiting.html", context)


def _waiting(request: HttpRequest, view: str) -> Any:
    post = request.actor.post
    dossiers = visible(request.actor, Dossier.objects.sent())
    if post.role == Role.COUNTER:
        dossiers = dossiers.filter(receiving_agency=post.agency_id, received_at__isnull=True)
    else:
        dossiers = dossiers.filter(settling_agency=post.agency_id)
        if view == "mine":
            dossiers = dossiers.filter(Q(holder=post) | Q(holder__isnull=True))
    rows = correspondence.waiting_for_staff().filter(dossier__in=dossiers)
    return rows.select_related("dossier__edition", "dossier__holder__account")
