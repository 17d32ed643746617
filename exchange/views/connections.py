"""For administrators: how the neighbours are doing, and what was told to whom."""

import uuid
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from dossiers.lifecycle.table import action_title
from dossiers.models import Dossier
from dossiers.search import dossier_by_code
from exchange.health import Health, healths
from exchange.models import ConnectedSystem, WebhookEndpoint, WebhookMessage
from exchange.webhooks import endpoints
from exchange.webhooks import messages as outgoing
from journal.outgoing_calls import last_calls

Role = StaffPost.Role
State = WebhookMessage.State


class EndpointForm(forms.Form):
    system = forms.ModelChoiceField(ConnectedSystem.objects.none(), label=gettext_lazy("Hệ thống được báo tin"))
    url = forms.CharField(
        max_length=500,
        label=gettext_lazy("Địa chỉ nhận tin"),
        help_text=gettext_lazy("Bắt đầu bằng https://. Ví dụ: https://phan-mem.example/nhan-tin"),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["system"].queryset = ConnectedSystem.objects.filter(active=True).order_by("name")


@open_to(Role.ADMINISTRATOR)
def connections(request: HttpRequest) -> HttpResponse:
    """Every neighbour: last success, delay, queue, share of errors, whether it rests."""
    require_province(request.actor)
    now = timezone.now()
    rows: list[Health] = healths(at=now)
    return render(request, "exchange/connections.html", {"rows": rows, "since": now - timedelta(days=1)})


@open_to(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """The endpoints, and a new one; its secret is shown once, on the page that answers."""
    require_province(request.actor)
    form = EndpointForm(request.POST or None)
    made: WebhookEndpoint | None = None
    secret = ""
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made, secret = endpoints.add_endpoint(
                facts["system"], facts["url"], actions=[], by=request.actor, at=timezone.now()
            )
            form = EndpointForm()
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    waiting = Count("messages", filter=Q(messages__state=State.WAITING))
    parked = Count("messages", filter=Q(messages__state=State.PARKED))
    found = WebhookEndpoint.objects.filter(active=True).select_related("system")
    page = page_of(found.annotate(waiting=waiting, parked=parked), request, by=("id",))
    context = {"page": page, "form": form, "made": made, "secret": secret}
    return render(request, "exchange/webhooks.html", context, status=422 if form.errors else 200)


@open_to(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The log of one endpoint, searched by code and state; messages sent again, secret changed, endpoint stopped."""
    require_province(request.actor)
    endpoint = get_object_or_404(WebhookEndpoint.objects.select_related("system"), uid=uid, active=True)
    secret, refused = "", ""
    if request.method == "POST":
        try:
            secret = _pressed(request, endpoint)
        except Refused as refusal:
            refused = str(refusal)
        if not secret and not refused:
            return redirect("manage-webhooks" if request.POST.get("do") == "remove" else request.get_full_path())
    page = page_of(_searched(request, endpoint), request, by=("-id",))
    calls = last_calls(f"webhook:{message.pk}" for message in page.items)
    for message in page.items:
        message.last_call = calls.get(f"webhook:{message.pk}")
        message.title = action_title(message.event.action)
    context = {
        "endpoint": endpoint,
        "page": page,
        "secret": secret,
        "refused": [{"text": refused}] if refused else [],
        "states": State.choices,
        "asked": {name: request.GET.get(name, "").replace("\x00", "") for name in ("code", "state")},
    }
    return render(request, "exchange/webhook.html", context, status=422 if refused else 200)


def _searched(request: HttpRequest, endpoint: WebhookEndpoint) -> QuerySet[WebhookMessage]:
    found = outgoing.messages_of(endpoint).select_related("dossier", "event")
    if code := _code(request.GET):
        found = found.filter(dossier=dossier_by_code(Dossier.objects.sent(), code))
    if (state := request.GET.get("state", "")) in State.values:
        found = found.filter(state=state)
    return found


def _pressed(request: HttpRequest, endpoint: WebhookEndpoint) -> str:
    """Do what the button says; returns a new secret to be shown once, else "". Raises Refused."""
    now, what = timezone.now(), request.POST.get("do", "")
    if what == "rotate":
        return endpoints.rotate_secret(endpoint, by=request.actor, at=now)
    if what == "remove":
        endpoints.remove_endpoint(endpoint, by=request.actor)
        messages.success(request, _("Từ nay không gửi tin đến địa chỉ này."))
    elif what == "skip":
        message = get_object_or_404(outgoing.messages_of(endpoint), pk=_number(request.POST.get("message", "")))
        if outgoing.skip_message(message, by=request.actor):
            messages.success(request, _("Đã bỏ qua tin này; các tin sau của hồ sơ được gửi tiếp."))
    elif what == "replay":
        chosen = outgoing.messages_of(endpoint)
        code = _code(request.POST)
        said = {name: request.POST.get(name, "") for name in ("since", "since_time", "until", "until_time")}
        if code:
            chosen = chosen.filter(dossier=dossier_by_code(Dossier.objects.sent(), code))
        if any(said.values()) or not code:  # all of one dossier, or a time
            since, until = _moment(said["since"], said["since_time"]), _moment(said["until"], said["until_time"])
            last = timedelta(minutes=1) if said["until_time"] else timedelta(days=1)
            chosen = chosen.filter(created_at__gte=since, created_at__lt=until + last)
        count = outgoing.replay_messages(chosen, by=request.actor, at=now)
        if not count:
            raise Refused("nothing", _("Không có tin nào như vậy để gửi lại. Hãy xem lại mã hồ sơ hoặc các ngày."))
        messages.success(request, _("Sẽ gửi lại %(count)s tin.") % {"count": count})
    return ""


def _code(sent: QueryDict) -> str:
    """The dossier asked for, as somebody typed its code."""
    return sent.get("code", "").replace("\x00", "").strip()


def _moment(day: str, time: str) -> datetime:
    try:
        return timezone.make_aware(datetime.strptime(f"{day} {time or '00:00'}", "%Y-%m-%d %H:%M"))
    except ValueError:
        raise Refused("bad_date", _("Hãy chọn từ ngày và đến ngày, hoặc ghi mã một hồ sơ.")) from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
