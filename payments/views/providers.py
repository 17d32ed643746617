"""Where providers call. Everybody may knock; only a genuine signature is believed."""

import logging
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from accounts.permissions import PUBLIC, SIGNED_IN, open_to
from accounts.throttling import Event, TooMany, count_events
from payments import inquiry, permissions, verification
from payments.models import Payment, ProviderCall, RawCall
from payments.providers import registry
from payments.providers.base import BadSignature, Provider, Received, Status, Unreadable
from payments.providers.vnpay.gateway import Vnpay

log = logging.getLogger(__name__)
Outcome = ProviderCall.Outcome
Kind = ProviderCall.Kind
_LONGEST = 16 * 1024


@csrf_exempt  # another system calls, with its signature for a proof
@open_to(PUBLIC)
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep the call as it came, then judge it: what happens in between, it has been received."""
    found = registry.provider_named(provider)
    if found is None:
        raise Http404
    if request.method != found.callback_method:
        return HttpResponseNotAllowed([found.callback_method])
    at = timezone.now()
    received = Received(request.method, request.META.get("QUERY_STRING", "")[:_LONGEST], request.read(_LONGEST + 1))
    try:
        report = found.read_callback(received)
    except BadSignature as error:
        return _refuse(found, received, Outcome.BAD_SIGNATURE, error.fields)
    except Unreadable as error:
        return _refuse(found, received, Outcome.UNREADABLE, {"error": str(error)})
    try:
        raw = keep_raw(found, received)
        outcome = verification.verify_report(report, provider=found.name, kind=Kind.CALLBACK, at=at, raw=raw)
    except Exception:  # whatever it was, all but the raw call was undone; the provider calls again after 99
        log.exception("a provider's report could not be taken note of")
        return found.answer(None)
    return found.answer(outcome)


@require_GET
@never_cache
@open_to(SIGNED_IN)
def returned(request: HttpRequest, provider: str) -> HttpResponse:
    """The payer comes back from a provider's page. Nothing is confirmed by it: the provider's own call or our question
    is, so the provider is asked at once."""
    found = registry.provider_named(provider)
    if not isinstance(found, Vnpay):
        raise Http404
    try:
        report, words = found.returned(Received("GET", request.META.get("QUERY_STRING", "")[:_LONGEST], b""))
    except (BadSignature, Unreadable):
        messages.error(
            request,
            _("Không đọc được kết quả mà trình duyệt mang về. Bạn hãy mở lại khoản thu; tiền đã trả sẽ được ghi nhận."),
        )
        return redirect("home")
    payment = Payment.objects.select_related("charge").filter(reference=report.reference, method=found.method).first()
    if payment is None or not permissions.may_see_payable(request.actor, payment.charge.owner):
        raise Http404
    inquiry.ask_about(payment.charge, at=timezone.now())
    payment.charge.refresh_from_db()
    if payment.charge.settled_at is not None:
        messages.success(request, _("Đã nhận được tiền. Biên lai của bạn đã sẵn sàng."))
    elif report.status is Status.PAID:
        messages.info(
            request, _("VNPAY báo bạn đã trả tiền. Khoản thu được ghi nhận khi VNPAY xác nhận, thường trong một phút.")
        )
    else:
        messages.warning(request, words)
    return redirect("payment", uid=payment.charge.uid)


# Committed by itself, but without waiting for the disk: the commit of what is made of it waits for both, before the
# provider is answered. Should that fail, the provider calls again, and the server writes this within a second.
_KEEP_RAW = """
    INSERT INTO payments_rawcall (provider, method, query, body, received_at)
    SELECT %s, %s, %s, %s, %s FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
    RETURNING id
"""


def keep_raw(provider: Provider, received: Received) -> RawCall:
    """The call as it came, committed at once."""
    query = received.query.replace("\x00", "\ufffd")
    said: list[Any] = [provider.name, received.method, query, received.body[:_LONGEST], timezone.now()]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_RAW, said)
        return RawCall(pk=cursor.fetchone()[0])


def _refuse(
    provider: Provider, received: Received, outcome: ProviderCall.Outcome, payload: dict[str, str]
) -> HttpResponse:
    log.warning("a provider's call was refused", extra={"provider": provider.name, "outcome": str(outcome)})
    if _is_worth_keeping(provider.name):
        raw = keep_raw(provider, received)
        verification.keep_refused(provider.name, Kind.CALLBACK, outcome, payload, at=timezone.now(), raw=raw)
    return provider.answer(outcome)


def _is_worth_keeping(provider: str) -> bool:
    """Anybody can send what is refused; beyond a number a minute it is counted in the log only."""
    try:
        count_events(Event("refused-callback", provider))
    except TooMany:
        return False
    return True
