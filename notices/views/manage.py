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

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from notices import failures, kinds, placeholders, wording
from notices.forms import WordingForm
from notices.models import CARRIED, Channel, Wording

Role = StaffPost.Role
VERSIONS_SHOWN = 50


@open_to(Role.ADMINISTRATOR)
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind with its channels and languages; the number is the version in force."""
    newest: dict[tuple[str, str, str], int] = {}
    for row in Wording.objects.order_by("version").values_list("kind", "channel", "language", "version"):
        newest[row[:3]] = row[3]
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
    """One text: what is in force, a form for the next version, and how it would look."""
    known = kinds.kind_named(kind)
    if known is None or channel not in Channel.values or language not in wording.LANGUAGES:
        raise Http404
    present = wording.in_force(kind, channel, language)
    versions = Wording.objects.filter(kind=kind, channel=channel, language=language)[:VERSIONS_SHOWN]
    shown = _asked_for(request, present, kind, channel, language)
    initial = {"subject": shown.subject, "body": shown.body, "drawn": present.version}
    form = WordingForm(request.POST or request.kept or None, kind=known, channel=channel, initial=initial)
    status = 200
    if request.method == "POST":
        saving = form.is_valid() and "preview" not in request.POST
        if saving and _saved(request, form, known, channel, language):
            return redirect("manage-notice-text", kind, channel, language)
        status = 422 if form.errors else 200
    context = {
        "kind": known,
        "channel": Channel(channel),
        "language": language,
        "present": present,
        "shown": shown,
        "versions": versions,
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
    found = Wording.objects.filter(kind=kind, channel=channel, language=language, version=int(number)).first()
    return wording.Text(found.subject, found.body, found.version) if found else present


def _saved(request: HttpRequest, form: WordingForm, kind: kinds.Kind, channel: str, language: str) -> bool:
    facts = form.cleaned_data
    subject = facts["subject"] or wording.shipped(kind.name, channel, language).subject
    try:
        written = wording.save_wording(
            kind,
            channel,
            language,
            subject=subject,
            body=facts["body"].replace("\r\n", "\n"),
            drawn=facts["drawn"],
            by=request.actor,
        )
    except wording.Overtaken:
        form.add_error(
            None, _("Người khác vừa lưu một bản mới. Hãy chép phần bạn viết, mở lại trang này rồi sửa trên bản mới.")
        )
        return False
    messages.success(request, _("Đã lưu bản số %(n)s. Thông báo từ lúc này dùng bản này.") % {"n": written.version})
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
    page = page_of(failures.failed_notices(), request, by=("id",))
    for notice in page.items:
        notice.what = failures.label_of(notice)
        notice.hidden_address = hidden(notice.address)
    return render(request, "notices/manage/failed.html", {"page": page})


@open_to(Role.ADMINISTRATOR)
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
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
