"""The gateway's HTTP server."""

from __future__ import annotations

import json
import os
from datetime import datetime
from urllib.parse import parse_qsl

from simulators.sms import pages
from simulators.sms.book import REFUSALS, SILENT, Book, Fault, Message
from simulators.web import SILENCE, Handler, arguments, listen, serve

_BASE = "/MainService.svc/json/"


class Counter(Handler):
    book: Book

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self.requested()
        if path == f"{_BASE}GetSendStatus":
            return self._status(query)
        if path == "/messages":
            said = [{"phone": m.phone, "text": m.text, "kind": m.kind, "id": m.sms_id} for m in self.book.messages]
            return self.answer_json(200, {"messages": said, "asked": self.book.asked})
        if path == "/":
            return self.answer_html(200, pages.phone(self.book))
        return self.answer_json(404, {"error": "no such page"})

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self.requested()
        body = self.body()
        form = {**query, **dict(parse_qsl(body))}
        if path == "/faults":
            given = form.get("fault", "")
            self.book.fault = Fault(given) if given in set(Fault) else Fault.NONE
            if self.wants_json():
                return self.answer_json(200, {"fault": self.book.fault})
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if path == "/release":
            return self.answer_json(200, {"answers": self.book.release()})
        try:
            fields = json.loads(body)
            assert isinstance(fields, dict)
        except (ValueError, AssertionError):
            return self.answer_json(200, {"error": "Invalid request"})
        if path.rstrip("/") == f"{_BASE}SendMultipleMessage_V4_post_json":
            return self._take(fields, "2", str(fields.get("Content", "")), {"Content", "Phone", "Brandname", "SmsType"})
        if path.rstrip("/") == f"{_BASE}SendZaloMessage_V6":
            values = fields.get("TempData") or {}
            return self._take(
                fields, "25", " · ".join(map(str, values.values())), {"Phone", "OAID", "TempID", "TempData"}
            )
        if path == f"{_BASE}GetSmsSentData_V2":
            return self._sent(fields)
        return self.answer_json(404, {"error": "no such function"})

    def _take(self, fields: dict, kind: str, text: str, needed: set[str]) -> None:
        self.book.asked += 1
        fault = self.book.fault
        if fault is Fault.TIMEOUT_LOST:
            return self._keep_silent()
        if fault is Fault.THROTTLED:
            return self.answer_json(429, {"error": "too many requests"}, {"Retry-After": "120"})
        if fault in REFUSALS:
            return self._refuse(*REFUSALS[fault])
        if not self._is_known(fields):
            return self._refuse("101", "Authorize Failed")
        if not needed <= fields.keys() or not str(fields["Phone"]).isdigit():
            return self._refuse("108" if "Phone" in fields else "110", "Request is invalid")
        message = Message(
            str(fields.get("RequestId", "")),
            str(fields.get("campaignid", "")),
            kind,
            str(fields["Phone"]),
            text,
            str(fields.get("CallbackUrl", "")),
        )
        if not self.book.take(message):
            known = self.book.of_reference(message.reference)
            return self.answer_json(
                200,
                {"CodeResult": "124", "ErrorMessage": "Request exist 1", "SendStatus": known.status if known else "2"},
            )
        self.book.later(message)
        if fault in SILENT:
            return self._keep_silent()
        return self.answer_json(200, {"CodeResult": "100", "CountRegenerate": 0, "SMSID": message.sms_id})

    def _status(self, query: dict[str, str]) -> None:
        if not self._is_known(query):
            return self.answer_json(200, {"CodeResponse": "101", "SMSID": query.get("RefId", "")})
        found = self.book.of_id(query.get("RefId", ""))
        if found is None:
            return self.answer_json(200, {"CodeResponse": "105"})
        said = {"SendFailed": found.failed, "SendStatus": int(found.status), "SendSuccess": found.succeeded}
        return self.answer_json(
            200, {"CodeResponse": "100", "SMSID": found.sms_id, **said, "TotalReceiver": 1, "TotalSent": 1}
        )

    def _sent(self, fields: dict) -> None:
        if not self._is_known(fields):
            return self._refuse("101", "Authorize Failed.")
        try:
            since, until = (datetime.strptime(fields[side], "%Y-%m-%d %H:%M:%S") for side in ("From", "To"))
            page, size = int(fields["Page"]), min(int(fields["PageSize"]), 500)
        except (KeyError, ValueError):
            return self._refuse("110", "Request is invalid")
        rows = [
            {
                "Campaign": m.campaign,
                "Content": m.text,
                "Phone": m.phone,
                "ReferenceId": m.sms_id,
                "SendResult": 1 if m.succeeded else 0 if m.failed else 2,
                "SendStatus": int(m.status),
                "SmsType": int(m.kind),
            }
            for m in self.book.messages
            if m.kind == str(fields.get("SmsType")) and since <= m.taken_at.replace(tzinfo=None) <= until
        ]
        shown = rows[(page - 1) * size : page * size]
        return self.answer_json(200, {"CodeResult": "100", "CountTotal": len(rows), "SentData": shown})

    def _is_known(self, fields: dict) -> bool:
        return (fields.get("ApiKey"), fields.get("SecretKey")) == (self.book.api_key, self.book.secret_key)

    def _refuse(self, code: str, why: str) -> None:
        self.answer_json(200, {"CodeResult": code, "CountRegenerate": 0, "ErrorMessage": why})

    def _keep_silent(self) -> None:
        self.book.ending.wait(SILENCE)
        self.close_connection = True


def main() -> None:
    asked = arguments("sms", "An SMS and Zalo gateway for tests.", Fault)
    asked.add_argument("--api-key", default=os.environ.get("SMS_API_KEY", "demonstration-sms-key"))
    asked.add_argument("--secret-key", default=os.environ.get("SMS_SECRET_KEY", "demonstration-sms-secret"))
    asked.add_argument("--hold", action="store_true", help="keep reports until POST /release")
    given = asked.parse_args()
    Counter.book = Book(given.api_key, given.secret_key, given.fault, given.hold)
    server = listen(given.port, Counter)
    serve(server, name="SMS gateway", at_end=Counter.book.ending.set)


if __name__ == "__main__":
    main()
