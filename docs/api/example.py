"""Files a dossier with a document, is told of it, pays, and downloads the result: all of it from the API's page.

Usage: example.py API CLIENT_ID CLIENT_SECRET DOCUMENT BANK   (BANK: the bank simulator, in place of the payer's phone)
"""

import hashlib
import sys
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
from standardwebhooks import Webhook

api, client_id, client_secret, document, bank = sys.argv[1:6]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = Webhook(secret).verify(body, dict(self.headers))["data"]
        self.send_response(204)
        self.end_headers()
        if told["code"] == code:
            actions.append(told["action"])


def oss(method, path, **sent):
    return httpx.request(method, api + path, headers=headers | sent.pop("headers", {}), **sent).raise_for_status()


headers: dict = {"Accept-Language": "en"}
asked = {"data": {"grant_type": "client_credentials"}, "auth": (client_id, client_secret)}
headers["Authorization"] = "Bearer " + oss("POST", "/token/", **asked).json()["access_token"]
server, actions = HTTPServer(("127.0.0.1", 0), Receiver), []
secret = oss("POST", "/webhooks/", json={"url": f"http://127.0.0.1:{server.server_port}/"}).json()["secret"]
file = oss("POST", "/files/", files={"file": ("application.pdf", Path(document).read_bytes())}).json()["id"]
person = {"personal_number": "027190000011", "full_name": "Nguyễn Thị Ánh", "phone": "0912345678"}
filing: dict = {"procedure": "2.000635", "applicant": person, "territory": "09187"}  # a copy of a birth certificate
whose = {"name": "Nguyễn Thị Ánh", "birth_date": "1990-03-02"}
filing["answers"] = {"event": "birth", "subject": whose, "registered_at": "Phường Kinh Bắc", "copies": 1}
filing["answers"]["true_statement"] = True
filing["documents"] = [{"key": "authorisation", "file": file}]
code = oss("POST", "/dossiers/", json=filing, headers={"Idempotency-Key": uuid.uuid4().hex}).json()["code"]
print("filed", code, flush=True)
while "issue" not in actions:
    server.handle_request()
    print("told of", *actions[-1:], flush=True)
    for owed in oss("GET", f"/dossiers/{code}/payments/").json():
        if owed["ways"] and actions[-1:] == ["accept"]:  # received, and may be paid online now
            begun = oss("POST", f"/dossiers/{code}/payments/{owed['id']}/", json={"way": owed["ways"][0]}).json()
            httpx.post(f"{bank}/scan", data={"payload": begun["qr"]}, timeout=60).raise_for_status()
            print("paid", owed["amount"], flush=True)
result = oss("GET", f"/dossiers/{code}/results/").json()[0]
content = oss("GET", f"/files/{result['files'][0]}/").content
print("result", result["number"], hashlib.sha256(content).hexdigest(), flush=True)
