"""Files a dossier with a document, is told of it, pays, and downloads the result: all of it from the API's page.

Usage: example.py API CLIENT_ID CLIENT_SECRET DOCUMENT BANK   (BANK: the bank simulator, in place of the payer's phone)
"""

import hashlib
import queue
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
from standardwebhooks import Webhook

api, client_id, client_secret, document, bank = sys.argv[1:6]
arrived: queue.Queue = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        arrived.put(Webhook(secret).verify(body, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(204)
        self.end_headers()


server = HTTPServer(("127.0.0.1", 0), Receiver)
form = {"grant_type": "client_credentials"}
token = (
    httpx.post(f"{api}/token/", data=form, auth=(client_id, client_secret)).raise_for_status().json()["access_token"]
)
oss = httpx.Client(base_url=api, headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"}, timeout=60)
address = f"http://127.0.0.1:{server.server_port}/"
secret = oss.post("/webhooks/", json={"url": address}).raise_for_status().json()["secret"]
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(document, "rb") as opened:
    file = oss.post("/files/", files={"file": ("application.pdf", opened)}).raise_for_status().json()["id"]
person = {"personal_number": "027190000011", "full_name": "Nguyễn Thị Ánh", "phone": "0912345678"}
filing: dict = {"procedure": "1.013228", "applicant": person, "territory": "09187", "content": "Cấp lại giấy phép"}
filing["documents"] = [{"key": "application", "file": file}]
key = {"Idempotency-Key": uuid.uuid4().hex}
code = oss.post("/dossiers/", json=filing, headers=key).raise_for_status().json()["code"]
print("filed", code, flush=True)
while (action := arrived.get()["data"]["action"]) != "issue":
    print("told of", action, flush=True)
    for owed in oss.get(f"/dossiers/{code}/payments/").raise_for_status().json():
        if action == "accept" and owed["ways"]:
            way = {"way": owed["ways"][0]}
            begun = oss.post(f"/dossiers/{code}/payments/{owed['id']}/", json=way).raise_for_status().json()
            httpx.post(
                f"{bank}/scan", data={"payload": begun["qr"]}, headers={"Accept": "application/json"}, timeout=60
            )
            print("paid", owed["amount"], flush=True)
result = oss.get(f"/dossiers/{code}/results/").raise_for_status().json()[0]
content = oss.get(f"/files/{result['files'][0]}/").raise_for_status().content
print("result", result["number"], hashlib.sha256(content).hexdigest(), flush=True)
