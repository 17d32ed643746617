"""Where gateways report what became of a message. Only the address that we gave out for it is believed."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.permissions import PUBLIC, open_to
from notices import callbacks, outcomes
from notices.models import CARRIED, Notice
from notices.providers import esms
from notices.providers.base import Taken

_LONGEST = 200


@csrf_exempt  # another system calls; its proof is the signed address
@require_http_methods(["GET", "POST"])
@open_to(PUBLIC)
def report(request: HttpRequest, token: str) -> JsonResponse:
    """The gateway's GET (some of its products POST) with ``SMSID``, ``SendStatus``, ``SendSuccess``, ``SendFailed``.

    Answers 200 to whatever is genuine, so that the gateway stops repeating it: a report that comes twice or late
    changes nothing.
    """
    reference = callbacks.reference_of(token)
    if reference is None:
        return JsonResponse({"result": "unknown address"}, status=403)
    notice = Notice.objects.filter(reference=reference, channel__in=CARRIED).first()
    if notice is None:
        return JsonResponse({"result": "unknown message"}, status=404)
    given = {
        name: value[:_LONGEST].replace("\x00", "")
        for name, value in {**request.GET.dict(), **request.POST.dict()}.items()
    }
    provider_id = given.get("SMSID", "")[:80]
    if notice.provider_id and provider_id and provider_id != notice.provider_id:
        return JsonResponse({"result": "another message"}, status=409)
    fate = esms.fate_of(*(given.get(name, "") for name in ("SendStatus", "SendSuccess", "SendFailed")))
    before = notice.state
    state = outcomes.record_taken(notice.pk, Taken(provider_id, fate, given.get("error_info", "")), at=timezone.now())
    return JsonResponse({"result": "noted" if state != before else "known", "state": state})
