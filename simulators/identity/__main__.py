"""The provider's HTTP server."""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from urllib.parse import parse_qsl, unquote, urlencode

from simulators.identity import pages
from simulators.identity.book import Book, Client, Fault, Holder
from simulators.web import SILENCE, Handler, arguments, fault_named, listen, portal_address, serve

_ASKED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge", "acr_values")


class Counter(Handler):
    book: Book

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self.requested()
        if path == "/.well-known/openid-configuration":
            return self.answer_json(200, self._configuration())
        if path == "/jwks":
            self.book.keys_asked += 1
            return self.answer_json(200, {"keys": [key.public() for key in self.book.keys]})
        if path == "/authorize":
            problem = self._unacceptable(query)
            if problem:
                return self.answer_html(400, pages.problem(problem))
            return self.answer_html(200, pages.sign_in(self.book, {n: query[n] for n in _ASKED if n in query}))
        if path == "/userinfo":
            return self._userinfo()
        if path == "/":
            return self.answer_html(200, pages.home(self.book))
        return self.answer_html(404, pages.problem("Không có trang này."))

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self.requested()
        body = self.body()
        form = {**query, **dict(parse_qsl(body, keep_blank_values=True))}
        if path == "/authorize":
            return self._authorize(form)
        if path == "/token":
            return self._token(form)
        if path == "/faults":
            self.book.fault = fault_named(Fault, form.get("fault", ""))
            return self.answer_json(200, {"fault": self.book.fault})
        if path == "/holders":  # tests bring their own people
            given = {name: form.get(name, "") for name in Holder.__dataclass_fields__}
            self.book.holders = [h for h in self.book.holders if h.subject != given["subject"]] + [Holder(**given)]
            return self.answer_json(200, given)
        if path == "/signed-in":
            return self.answer_json(200, {"sids": list(self.book.signed_in)})
        if path == "/rotate":
            self.book.rotate()
            return self._done({"kid": self.book.keys[-1].kid})
        if path == "/logout-token":  # one that nobody sent, for trying the relying party's door
            grant = self.book.signed_in[form["sid"]]
            other = json.loads(form.get("claims", "{}"))
            client = self.book.clients[grant.asked["client_id"]]
            return self.answer_json(200, {"logout_token": self.book.logout_token(grant, client, **other)})
        if ending := re.fullmatch(r"/sign-out/(\w+)", path):
            return self._done({"answer": self.book.sign_out(ending[1])})
        return self.answer_html(404, pages.problem("Không có trang này."))

    def _configuration(self) -> dict:
        here = self.book.issuer
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "userinfo_endpoint": f"{here}/userinfo",
            "jwks_uri": f"{here}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "acr_values_supported": ["1", "2"],
        }

    def _unacceptable(self, asked: dict[str, str]) -> str:
        client = self.book.clients.get(asked.get("client_id", ""))
        if client is None:
            return "Hệ thống này chưa đăng ký."
        if asked.get("redirect_uri") not in client.redirect_uris:
            return "Địa chỉ quay về chưa đăng ký."
        if asked.get("response_type") != "code" or not asked.get("code_challenge") or not asked.get("nonce"):
            return "Yêu cầu thiếu code, PKCE hoặc nonce."
        return ""

    def _authorize(self, form: dict[str, str]) -> None:
        if problem := self._unacceptable(form):
            return self.answer_html(400, pages.problem(problem))
        holder = self.book.holder(form.get("holder", ""))
        if "fault" in form:
            self.book.fault = fault_named(Fault, form.get("fault", ""))
        if holder is None or self.book.fault is Fault.DENIED:
            answer = {"error": "access_denied", "state": form.get("state", "")}
        else:
            state = "another" if self.book.fault is Fault.WRONG_STATE else form.get("state", "")
            answer = {"code": self.book.grant(form, holder, form.get("level", "")), "state": state}
        return self.redirect(f"{form['redirect_uri']}?{urlencode(answer)}")

    def _token(self, form: dict[str, str]) -> None:
        if self.book.fault is Fault.SILENT:
            time.sleep(SILENCE)
            self.close_connection = True
            return None
        client_id, secret = self._credentials(form)
        client = self.book.clients.get(client_id)
        if client is None or client.secret != secret:
            return self.answer_json(401, {"error": "invalid_client"})
        if self.book.fault is Fault.TOKEN_REFUSED:
            return self.answer_json(400, {"error": "invalid_grant"})
        given = self.book.redeem(form, client)
        return self.answer_json(400, {"error": given}) if isinstance(given, str) else self.answer_json(200, given)

    def _credentials(self, form: dict[str, str]) -> tuple[str, str]:
        kind, _space, value = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            return form.get("client_id", ""), form.get("client_secret", "")
        try:
            name, _colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote(name), unquote(secret)

    def _userinfo(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        grant = self.book.tokens.get(token)
        if grant is None:
            return self.answer_json(401, {"error": "invalid_token"})
        claims = self.book.claims(grant)
        if self.book.fault is Fault.OTHER_USERINFO:
            claims = {**claims, "sub": "somebody-else"}
        return self.answer_json(200, claims)

    def _done(self, answer: dict) -> None:
        return self.answer_json(200, answer) if self.wants_json() else self.redirect("/")


def main() -> None:
    asked = arguments("identity", "An OpenID provider to try with.", Fault)
    asked.add_argument("--portal-url", default=portal_address())
    asked.add_argument("--secret", default="demonstration-openid-secret")
    given = asked.parse_args()
    server = listen(given.port, Counter)
    home, here = given.portal_url.rstrip("/"), f"http://127.0.0.1:{server.server_port}"
    clients = {
        name: Client(name, given.secret, (f"{home}/openid/{way}/callback/",), f"{home}/openid/{way}/logout/")
        for name, way in (("oss-citizens", "vneid"), ("oss-staff", "staff"))
    }
    Counter.book = Book(here, clients, given.fault)
    serve(server, name="identity provider")


if __name__ == "__main__":
    main()
