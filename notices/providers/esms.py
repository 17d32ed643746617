"""SMS and Zalo through a gateway that speaks the eSMS protocol (developers.esms.vn, "eSMS API" V4 and Zalo V6).

- ``POST …/SendMultipleMessage_V4_post_json/`` and ``…/SendZaloMessage_V6/`` hand a message over. ``RequestId`` is our
  reference: the gateway refuses a second one the same day (code 124); ``campaignid`` carries it too, because
- ``POST …/GetSmsSentData_V2`` lists what was sent between two moments by campaign: so a message whose hand-over got
  no answer is asked for by our own reference before it is handed over again, on another day as well;
- ``GET …/GetSendStatus`` tells what became of a message by the gateway's identifier;
- the gateway calls ``CallbackUrl`` with GET when it knows more. It signs nothing, so the address itself carries our
  signature (notices.callbacks).
"""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone

from journal.outgoing_calls import CallFailed, Request, Resting, call_neighbour
from notices import callbacks
from notices.models import Channel, Notice
from notices.providers.base import Carrier, Fate, MessageRefused, NotNow, Taken

CONNECTION = "sms"
PATIENCE = 10.0  # seconds for one call
_LONGEST = 2 * 1024 * 1024
_BASE = "/MainService.svc/json/"
_SEND = {Channel.SMS: "SendMultipleMessage_V4_post_json/", Channel.ZALO: "SendZaloMessage_V6/"}
_TYPE = {Channel.SMS: "2", Channel.ZALO: "25"}  # customer care; Zalo, ordinary
_TAKEN, _KNOWN_ALREADY, _UNKNOWN_ID = "100", "124", "105"
# Credential, balance, address not allowed: nobody's message goes through until somebody acts.
_NOBODY = {"101": "wrong credential", "103": "no credit left", "140": "our address is not allowed"}
_PAGE, _PAGES = 500, 4
_CLOCKS = timedelta(minutes=5)  # how far the gateway's clock may be from ours


class Gateway(Carrier):
    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def is_ready(self) -> bool:
        known = urlsplit(settings.SMS_GATEWAY_URL).scheme in ("http", "https") and bool(settings.SMS_API_KEY)
        needed = settings.SMS_BRANDNAME if self.channel == Channel.SMS else settings.ZALO_TEMPLATE_ID
        return bool(known and needed)

    def send(self, notice: Notice) -> Taken:
        reference = str(notice.reference)
        fields = {
            "Phone": notice.address,
            "RequestId": reference,
            "campaignid": reference,
            "CallbackUrl": callbacks.address(notice),
        }
        if self.channel == Channel.SMS:
            accents = "1" if settings.SMS_ACCENTS else "0"
            content = {"Content": notice.body, "Brandname": settings.SMS_BRANDNAME, "SmsType": "2"}
            answer = self._post(notice, _SEND[self.channel], {**fields, **content, "IsUnicode": accents})
        else:
            values = {"subject": notice.subject, "content": notice.body, "link": settings.PUBLIC_URL + notice.link}
            named = {"OAID": settings.ZALO_OA_ID, "TempID": settings.ZALO_TEMPLATE_ID, "TempData": values}
            answer = self._post(notice, _SEND[self.channel], {**fields, **named})
        code = str(answer.get("CodeResult", ""))
        if code == _KNOWN_ALREADY:
            return Taken(fate=_fate(answer))
        _judge(code, answer)
        return Taken(str(answer.get("SMSID", ""))[:80])

    def ask(self, notice: Notice, at: datetime) -> Taken | None:
        if notice.provider_id:
            return self._by_its_identifier(notice)
        since, until = (notice.begun_at or notice.created_at) - _CLOCKS, at + _CLOCKS
        for page in range(1, _PAGES + 1):
            asked = {"SmsType": _TYPE[self.channel], "From": _written(since), "To": _written(until)}
            answer = self._post(notice, "GetSmsSentData_V2", {**asked, "Page": page, "PageSize": _PAGE})
            _judge(str(answer.get("CodeResult", "")), answer)
            rows = answer.get("SentData") or []
            for row in rows if isinstance(rows, list) else []:
                if isinstance(row, dict) and row.get("Campaign") == str(notice.reference):
                    return Taken(str(row.get("ReferenceId", ""))[:80], _fate(row))
            if len(rows) < _PAGE:
                break
        return None

    def _by_its_identifier(self, notice: Notice) -> Taken | None:
        asked = {"RefId": notice.provider_id, "ApiKey": settings.SMS_API_KEY, "SecretKey": settings.SMS_SECRET_KEY}
        url = f"{_url('GetSendStatus')}?{urlencode(asked)}"
        answer = self._call(Request("GET", url, "GetSendStatus", _reference(notice), patience=PATIENCE))
        code = str(answer.get("CodeResponse", ""))
        if code == _UNKNOWN_ID:
            return None
        _judge(code, answer)
        return Taken(notice.provider_id, _fate(answer))

    def _post(self, notice: Notice, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        sent = {"ApiKey": settings.SMS_API_KEY, "SecretKey": settings.SMS_SECRET_KEY, **fields}
        request = Request(
            "POST",
            _url(name),
            operation=name.rstrip("/"),
            reference=_reference(notice),
            headers={"Content-Type": "application/json"},
            content=json.dumps(sent).encode(),
            patience=PATIENCE,
        )
        return self._call(request)

    def _call(self, request: Request) -> dict[str, Any]:
        try:
            outcome = call_neighbour(CONNECTION, request)
        except Resting as resting:
            raise NotNow(str(resting), rest=True) from resting
        except CallFailed as failed:  # the connection may have broken after the gateway took the message
            raise NotNow(str(failed)[:200], in_doubt=failed.in_doubt) from failed
        if outcome.status == 429:
            raise NotNow("throttled", rest=True, seconds=_seconds(outcome.headers.get("Retry-After")))
        if outcome.status != 200:
            raise NotNow(f"HTTP {outcome.status}", in_doubt=(outcome.status or 500) >= 500)
        try:
            read = json.loads(outcome.body[:_LONGEST])
        except (ValueError, RecursionError) as error:
            raise NotNow(f"{type(error).__name__}: {error}"[:200], in_doubt=True) from error
        if not isinstance(read, dict):
            raise NotNow("the answer is no JSON object", in_doubt=True)
        return read


def _reference(notice: Notice) -> str:
    return f"notice:{notice.pk}"


def _url(name: str) -> str:
    return str(settings.SMS_GATEWAY_URL).rstrip("/") + _BASE + name


def _judge(code: str, answer: dict[str, Any]) -> None:
    if code == _TAKEN:
        return
    if code in _NOBODY:
        raise NotNow(f"{code}: {_NOBODY[code]}", rest=True)
    if not code:
        raise NotNow("the answer has no code", in_doubt=True)
    raise MessageRefused(f"{code}: {answer.get('ErrorMessage', '')}"[:300])


def _fate(row: dict[str, Any]) -> Fate:
    return fate_of(*(str(row.get(name, "")) for name in ("SendStatus", "SendSuccess", "SendFailed", "SendResult")))


def fate_of(status: str, succeeded: str = "", failed: str = "", result: str = "") -> Fate:
    """The gateway's numbers as one word: 4 is refused, 5 is finished, all others are on their way."""
    if status == "4" or (status == "5" and (_many(failed) or result == "0") and not _many(succeeded)):
        return Fate.FAILED
    if status == "5" and (_many(succeeded) or result == "1"):
        return Fate.DELIVERED
    return Fate.ON_ITS_WAY


def _many(text: str) -> bool:
    return text.isdecimal() and int(text[:9]) > 0


def _seconds(text: str | None) -> int | None:
    return min(int(text), 3600) if text and text.isdecimal() else None


def _written(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
