"""Complaints and suggestions: written by citizens, answered by heads, seen by supervisors."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.looks import Seen, record_looks
from accounts.models import Look, StaffPost
from accounts.permissions import PUBLIC, SIGNED_IN, open_to, visible
from agencies.calendars import calendar_of
from agencies.models import Agency, Desk
from agencies.search import agencies_matching
from digitization.cards import read_card
from digitization.uploads import UploadRefused
from dossiers.access.relations import is_applicant
from dossiers.correspondence import feedback as rules
from dossiers.forms.correspondence import AnswerForm, FeedbackForm
from dossiers.lifecycle import Refused
from dossiers.models import Dossier, Feedback
from dossiers.views import sheet
from dossiers.views.citizen.tracking import is_opened, looked_up
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_of
from journal.idempotency import new_form_key
from vietnam import working_time

Role = StaffPost.Role
_METHODS = ["GET", "HEAD", "POST"]
DESKS_SHOWN = 20
_WITH = ("agency__calendar", "desk", "dossier__edition", "dossier__owner_enterprise", "assigned__account", "account")


@open_to(PUBLIC)
@require_http_methods(_METHODS)
def about_dossier(request: HttpRequest, code: str) -> HttpResponse:
    """The applicant, or whoever gave the dossier's PIN, writes about it."""
    found = looked_up(request, code)
    if isinstance(found, HttpResponse):
        return found
    if not (is_applicant(request.actor, found) or is_opened(request, found)):
        messages.info(request, _("Hãy nhập mã PIN của hồ sơ, hoặc đăng nhập, rồi gửi phản ánh, kiến nghị."))
        return redirect("track-dossier", found.code)
    if found.destroyed_at is not None:
        messages.info(request, rules.destroyed_sentence())
        return redirect("track-dossier", found.code)
    about = {"title": sheet.title_of(found), "code": found.code, "agency": _answers(found.settling_agency)}
    return _form(request, about, reverse("track-dossier", args=[found.code]), dossier=found)


@open_to(SIGNED_IN, refills=True)
@require_http_methods(_METHODS)
def about_desk(request: HttpRequest, pk: int) -> HttpResponse:
    desk = get_object_or_404(Desk.objects.select_related("agency__calendar"), pk=pk, open=True)
    about = {"title": desk.local_name, "code": "", "agency": _answers(desk.agency)}
    return _form(request, about, reverse("feedback-desks"), desk=desk)


def _answers(agency: Agency | None) -> Agency | None:
    return rules.agency_answering(agency, at=timezone.now())[0] if agency else None


def _form(request: HttpRequest, about: dict[str, Any], back: str, **subject: Any) -> HttpResponse:
    signed_in = request.actor.account is not None
    kept = getattr(request, "kept", None)
    form = FeedbackForm(
        request.POST or kept or None, request.FILES or None, signed_in=signed_in, initial={"key": new_form_key()}
    )
    if request.method == "POST" and form.is_valid() and (made := _filed(request, form, **subject)):
        messages.success(request, _("Đã gửi. Bạn được trả lời chậm nhất trong mười ngày làm việc."))
        _remember(request, made)
        return redirect("feedback", made.uid)
    context = {"form": form, "about": about, "back": back}
    return render(request, "dossiers/correspondence/feedback_form.html", context, status=422 if form.errors else 200)


def _filed(
    request: HttpRequest, form: FeedbackForm, *, dossier: Dossier | None = None, desk: Desk | None = None
) -> Feedback | None:
    facts, actor = form.cleaned_data, request.actor
    person = actor.person
    email = facts.get("email") or (actor.account.email if actor.account else "") or (person.email if person else "")
    try:
        return rules.file_feedback(
            facts["kind"],
            facts["text"],
            by=actor,
            at=timezone.now(),
            dossier=dossier,
            desk=desk,
            author=facts.get("author", ""),
            email=email or (dossier.contact_email if dossier else ""),
            phone=facts.get("phone", "") or (person.phone if person else ""),
            files=facts["attachments"],
            key=facts["key"] and f"{actor.account.pk if actor.account else 'pin'}:{facts['key']}",
        )
    except UploadRefused as refusal:
        form.add_error("attachments", str(refusal.sentence))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
    return None


_WRITTEN = "feedback"  # session: what was written in it, for those who have no account


def _remember(request: HttpRequest, made: Feedback) -> None:
    request.session[_WRITTEN] = [*request.session.get(_WRITTEN, [])[-19:], str(made.uid)]


@open_to(PUBLIC)
def one(request: HttpRequest, uid: Any) -> HttpResponse:
    """What was written and the answer: for its writer, the dossier's applicant, and whoever gave the PIN."""
    found = Feedback.objects.select_related(*_WITH).filter(uid=uid).first()
    may_see = found is not None and (
        rules.may(request.actor, "view", found)
        or str(found.uid) in request.session.get(_WRITTEN, [])
        or (found.dossier is not None and is_opened(request, found.dossier))
    )
    if found is None or not may_see:
        if request.actor.account is None:
            return redirect_to_login(request.get_full_path())
        raise Http404
    return render(
        request, "dossiers/correspondence/feedback.html", {**_shown(found, at=timezone.now()), "files": _files(found)}
    )


@open_to(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    own = Feedback.objects.filter(account=request.actor.account).select_related(*_WITH)
    page = page_of(request, own, key="id", newest_first=True, size=20)
    at = timezone.now()
    context = {"rows": [_shown(row, at=at) for row in page.rows], "page": page}
    return render(request, "dossiers/correspondence/my_feedback.html", context)


@open_to(SIGNED_IN)
def desks(request: HttpRequest) -> HttpResponse:
    """Find the desk that one wants to write about."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    agencies = agencies_matching(Agency.objects.valid(), words)
    found = Desk.objects.filter(open=True, agency__in=agencies).select_related("agency").order_by("agency__sort_key")
    rows = list(found[: DESKS_SHOWN + 1])
    context = {"q": words, "desks": rows[:DESKS_SHOWN], "more": len(rows) > DESKS_SHOWN}
    return render(request, "dossiers/correspondence/desks.html", context)


@open_to(*rules.HEADS, Role.SUPERVISOR)
def listed(request: HttpRequest) -> HttpResponse:
    """A head's agency, or the whole province for a supervisor; what is due first comes first."""
    view = request.GET.get("view", "open")
    view = view if view in ("open", "overdue", "answered") else "open"
    at = timezone.now()
    rows = visible(request.actor, Feedback.objects.all()).select_related(*_WITH)
    page = (
        page_of(request, rows.filter(answered_at__isnull=False), key="id", newest_first=True)
        if view == "answered"
        else page_of(request, _unanswered(rows, view, at), key="due_at")
    )
    context = {
        "rows": [
            {**_shown(row, at=at), "url": reverse("work-feedback-one", args=[row.uid]), "excerpt": row.text[:160]}
            for row in page.rows
        ],
        "page": page,
        "views": [
            {"label": label, "url": f"{reverse('work-feedback')}?view={name}", "current": name == view}
            for name, label in (("open", _("Chưa trả lời")), ("overdue", _("Quá hạn")), ("answered", _("Đã trả lời")))
        ],
        "subnav": navigation(request),
    }
    return render(request, "dossiers/correspondence/feedback_list.html", context)


def _unanswered(rows: Any, view: str, at: datetime) -> Any:
    waiting = rows.filter(answered_at__isnull=True)
    return waiting.filter(due_at__lt=at) if view == "overdue" else waiting


@open_to(*rules.HEADS, Role.SUPERVISOR, refills=True)
@require_http_methods(_METHODS)
def answering(request: HttpRequest, uid: Any) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, Feedback.objects.select_related(*_WITH)), uid=uid)
    author = getattr(found.account, "person", None)
    seen = Seen(author and author.pk, f"feedback:{found.uid}", gettext_lazy("phản ánh, kiến nghị"))
    record_looks([seen], by=request.actor, purpose=Look.Purpose.COMPLAINT, at=timezone.now())
    may_answer = rules.may(request.actor, "answer", found) and found.answered_at is None
    form = AnswerForm(request.POST or request.kept or None)
    if request.method == "POST" and form.is_valid():
        try:
            rules.answer_feedback(found, request.actor, form.cleaned_data["answer"], at=timezone.now())
        except Refused as refusal:
            form.add_error("answer" if refusal.field else None, str(refusal.sentence))
        else:
            messages.success(request, _("Đã gửi câu trả lời cho người viết."))
            return redirect("work-feedback")
    context = {
        **_shown(found, at=timezone.now()),
        "files": _files(found),
        "form": form,
        "may_answer": may_answer or bool(form.errors),
        "subnav": navigation(request),
    }
    return render(request, "dossiers/correspondence/answering.html", context, status=422 if form.errors else 200)


def _shown(found: Feedback, *, at: datetime) -> dict[str, Any]:
    standing = working_time.standing(
        calendar_of(found.agency),
        found.due_at,
        at,
        finished_at=found.answered_at,
        soon_minutes=settings.DUE_SOON_MINUTES,
    )
    return {
        "feedback": found,
        "about": found.dossier.code if found.dossier else found.desk.local_name,
        "title": sheet.title_of(found.dossier) if found.dossier else "",
        "standing": str(standing.standing),
        "minutes": standing.remaining_minutes,
    }


def _files(found: Feedback) -> list[dict[str, Any]]:
    return [read_card(file) for file in found.files.select_related("scan")]
