"""Where providers call. Everybody may knock; only a genuine signature is believed."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.permissions import PUBLIC, open_to
from accounts.throttling import Event, TooMany, take
from payments import verification
from payments.models import ProviderCall, RawCall
from payments.providers import registry
from payments.providers.base import BadSignature, Provider, Received, Unreadable

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


def keep_raw(provider: Provider, received: Received) -> RawCall:
    """The call as it came, committed at once."""
    query = received.query.replace("\x00", "\ufffd")
    return RawCall.objects.create(
        provider=provider.name, method=received.method, query=query, body=received.body[:_LONGEST]
    )


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
        take(Event("refused-callback", provider))
    except TooMany:
        return False
    return True
