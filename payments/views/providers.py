"""Where providers call. Everybody may knock; only a genuine signature is believed."""

import logging

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.permissions import PUBLIC, open_to
from accounts.throttling import Event, TooMany, take
from payments import providers, verification
from payments.models import ProviderCall
from payments.providers.base import BadSignature, Unreadable

log = logging.getLogger(__name__)
Outcome = ProviderCall.Outcome
Kind = ProviderCall.Kind

# What the bank reads, as in the codes of VNPAY 2.1.0; anything but 99 ends its repetitions.
_CODES = {
    Outcome.CONFIRMED: ("00", "confirmed"),
    Outcome.NOT_PAID: ("00", "noted"),
    Outcome.SURPLUS: ("00", "noted as surplus"),
    Outcome.UNKNOWN: ("01", "order not found"),
    Outcome.REPEATED: ("02", "already confirmed"),
    Outcome.WRONG_AMOUNT: ("04", "amount differs from the order"),
    Outcome.BAD_SIGNATURE: ("97", "invalid signature"),
    Outcome.UNREADABLE: ("99", "not readable"),
}
_LONGEST = 16 * 1024


@csrf_exempt  # another system calls, with its signature for a proof
@require_POST
@open_to(PUBLIC)
def callback(request: HttpRequest, provider: str) -> JsonResponse:
    found = providers.provider_named(provider)
    if found is None:
        raise Http404
    at = timezone.now()
    body = request.read(_LONGEST + 1)
    try:
        report = found.read(body)
    except BadSignature as error:
        return _refuse(found.name, Outcome.BAD_SIGNATURE, error.fields)
    except Unreadable as error:
        text = body[:2000].decode(errors="replace").replace("\x00", "\ufffd")
        return _refuse(found.name, Outcome.UNREADABLE, {"error": str(error), "body": text})
    try:
        outcome = verification.verify_report(report, provider=found.name, kind=Kind.CALLBACK, at=at)
    except Exception:  # whatever it was, all of it was undone; the bank calls again after 99
        log.exception("a provider's report could not be taken note of")
        return JsonResponse({"RspCode": "99", "Message": "try again"})
    return _answer(outcome)


def _refuse(provider: str, outcome: Outcome, payload: dict[str, str]) -> JsonResponse:
    log.warning("a provider's call was refused", extra={"provider": provider, "outcome": str(outcome)})
    if _is_worth_keeping(provider):
        verification.keep_refused(provider, Kind.CALLBACK, outcome, payload, at=timezone.now())
    return _answer(outcome)


def _is_worth_keeping(provider: str) -> bool:
    try:
        take(Event("refused-callback", provider))
    except TooMany:
        return False
    return True


def _answer(outcome: Outcome) -> JsonResponse:
    code, message = _CODES[outcome]
    return JsonResponse({"RspCode": code, "Message": message})
