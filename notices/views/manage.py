"""For administrators: the texts of notices with their versions, and the notices that nobody got."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from core.version_pages import Rights, press_posted_button, say_draft_was_refused, version_context
from core.versions import UNDECIDED, Status, VersionRefused
from notices import failures, kinds, placeholders, wording
from notices.forms import WordingForm
from notices.models import CARRIED, Channel, Wording
from notices.wording import WORDINGS

Role = StaffPost.Role
VERSIONS_SHOWN = 50
RIGHTS = Rights(may_edit=True, may_decide=True)  # every administrator writes, another one decides


@open_to(Role.ADMINISTRATOR)
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind with its channels and languages; the number is the version in force."""
    require_province(request.actor)
    newest: dict[tuple[str, str, str], int] = {}
    for row in Wording.objects.filter(status=Status.IN_FORCE).values_list("kind", "channel", "language", "number"):
        newest[row[:3]] = row[3] or 0
    waiting = set(Wording.objects.filter(status__in=UNDECIDED).values_list("kind", "channel", "language"))
    rows = [
        {
            "kind": kind,
            "channels": [
                {
                    "label": channel.label,
                    "texts": [
                        {
                            "language": language,
                            "version": newest.get((kind.name, channel.value, language), 0),
                            "waiting": (kind.name, channel.value, language) in waiting,
                            "url": reverse("manage-notice-text", args=[kind.name, channel.value, language]),
                        }
                        for language in wording.LANGUAGES
                    ],
                }
                for channel in Channel
            ],
        }
        for kind in kinds.every_kind()
    ]
    failed = failures.failed_notices()[:100].count()
    return render(request, "notices/manage/texts.html", {"rows": rows, "channels": Channel.labels, "failed": failed})


@open_to(Role.ADMINISTRATOR, refills=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, kind: str, channel: str, language: str) -> HttpResponse:
    """One text: what is in force, the draft of the next one with its buttons, and how it would look."""
    require_province(request.actor)
    known = kinds.kind_named(kind)
    if known is None or channel not in Channel.values or language not in wording.LANGUAGES:
        raise Http404
    scope = {"kind": kind, "channel": channel, "language": language}
    refused: Refused | None = None
    if request.method == "POST" and "do" in request.POST:
        try:
            return _button_pressed(request, scope)
        except Refused as refusal:
            refused = refusal
    present, draft = wording.in_force(**scope), wording.draft_of(**scope)
    in_force = WORDINGS.in_force(**scope)
    shown = wording.Text(draft.subject, draft.body, 0) if draft else _asked_for(request, present, **scope)
    revision = draft.revision if draft else -1
    initial = {"subject": shown.subject, "body": shown.body, "revision": revision}
    posted = request.POST if request.method == "POST" and "do" not in request.POST else None
    form = WordingForm(posted or request.kept or None, kind=known, channel=channel, initial=initial)
    status = 409 if refused else 200
    if posted is not None:
        saving = form.is_valid() and "preview" not in posted
        if saving and _saved(request, form, known, channel, language):
            return redirect("manage-notice-text", kind, channel, language)
        status = 422 if form.errors else 200
    context = {
        "kind": known,
        "channel": Channel(channel),
        "language": language,
        "present": present,
        "shown": shown,
        "versions": Wording.objects.filter(**scope).exclude(status__in=UNDECIDED)[:VERSIONS_SHOWN],
        "draft": draft,
        **version_context(request, WORDINGS, draft, RIGHTS, refused),
        "undo": version_context(request, WORDINGS, in_force, RIGHTS, None)["buttons"],
        "form": form,
        "preview": _preview(form, shown, known, channel),
        "names": [
            {"name": "{{ " + name + " }}", "example": _example(known, name)} for name in sorted(known.placeholders)
        ],
        "carried": channel in CARRIED,
    }
    return render(request, "notices/manage/text.html", context, status=status)


def _asked_for(request: HttpRequest, present: wording.Text, kind: str, channel: str, language: str) -> wording.Text:
    """An earlier version to begin from (``?from=2``), else the one in force."""
    number = request.GET.get("from", "")
    if not (number.isdecimal() and len(number) < 10):
        return present
    if int(number) == 0:
        return wording.shipped(kind, channel, language)
    found = Wording.objects.filter(kind=kind, channel=channel, language=language, number=int(number)).first()
    return wording.Text(found.subject, found.body, int(number)) if found else present


def _button_pressed(request: HttpRequest, scope: dict[str, str]) -> HttpResponse:
    """Do what the button says. Raises Refused."""
    undo = request.POST["do"] == "undo"
    version = WORDINGS.in_force(**scope) if undo else wording.draft_of(**scope)
    if version is None:
        raise VersionRefused(_("Bản này không còn. Hãy tải lại trang."))
    page = reverse("manage-notice-text", args=list(scope.values()))
    return press_posted_button(request, WORDINGS, version, RIGHTS, page=page, gone=page)


def _saved(request: HttpRequest, form: WordingForm, kind: kinds.Kind, channel: str, language: str) -> bool:
    facts = form.cleaned_data
    subject = facts["subject"] or wording.shipped(kind.name, channel, language).subject
    try:
        wording.write_draft(
            kind,
            channel,
            language,
            subject=subject,
            body=facts["body"].replace("\r\n", "\n"),
            revision=facts["revision"],
            by=request.actor,
            at=timezone.now(),
        )
    except Refused as refusal:
        say_draft_was_refused(form, refusal, wording.draft_of(kind.name, channel, language))
        return False
    messages.success(request, _("Đã lưu bản nháp. Hãy trình để người quản trị khác đưa vào dùng."))
    return True


def _example(kind: kinds.Kind, name: str) -> Any:
    example = kind.example.get(name, "https://…")
    return _("một danh sách") if isinstance(example, list) else example


def _preview(form: WordingForm, shown: wording.Text, kind: kinds.Kind, channel: str) -> dict[str, str] | None:
    """The text with pretend facts; None while it cannot be read."""
    facts = {"link": "https://…/", **kind.example}
    if form.is_bound:
        if not form.is_valid():
            return None
        shown = wording.Text(form.cleaned_data["subject"], form.cleaned_data["body"], 0)
    try:
        subject, body = wording.filled(shown, channel, facts)
    except placeholders.BadText:
        return None
    return {"subject": subject, "body": body, "length": str(len(body))}


@open_to(Role.ADMINISTRATOR)
def failed(request: HttpRequest) -> HttpResponse:
    require_province(request.actor)
    page = page_of(failures.failed_notices(), request, by=("id",))
    for notice in page.items:
        notice.what = failures.label_of(notice)
        notice.hidden_address = hidden(notice.address)
    return render(request, "notices/manage/failed.html", {"page": page})


@open_to(Role.ADMINISTRATOR)
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    require_province(request.actor)
    pks = [int(pk) for pk in request.POST.getlist("selected") if pk.isdecimal() and len(pk) < 19]
    count = failures.retry_notice(pks, by=request.actor, at=timezone.now())
    if count:
        messages.success(request, _("%(n)s thông báo đang được gửi lại.") % {"n": count})
    else:
        messages.error(request, _("Không có thông báo nào được gửi lại. Hãy chọn thông báo trong danh sách."))
    return redirect("manage-notices-failed")


def hidden(address: str) -> str:
    """Enough of an address to recognise it: ``an…@example.vn``, ``091…678``."""
    name, at, domain = address.partition("@")
    return f"{name[:2]}…@{domain}" if at else f"{name[:3]}…{name[-3:]}"
