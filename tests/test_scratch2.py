import json, uuid, base64
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from accounts.models import Account
from dossiers.models import Dossier, DossierMessage
from dossiers.lifecycle import execute_transition
from dossiers.filing import drafts
from tests.factories.systems import connected_system, filing, Caller
from tests.factories.people import signed_in
from tests.factories.dossiers import received
from tests.factories.scans import pdf_upload
from tests.factories.record_table import build_records, MORNING

pytestmark = pytest.mark.django_db
R = []


def note(n, a, want=None):
    body = a.content.decode()[:160] if not a.streaming else "STREAM"
    ok = a.status_code in (want or (401, 403, 404, 405, 406, 409, 412, 422, 302, 416, 429))
    R.append(f"{'ok  ' if ok else 'OPEN'} {n}: {a.status_code} {body if not ok else body[:90]}")


def test_all(cast, edition, media):
    records, elsewhere, far = build_records(cast, edition)
    own, other = records["own"].dossier, records["other_agency"].dossier
    cit, strange = signed_in(cast.citizen), signed_in(cast.stranger)
    api = lambda c: Caller(client=c, headers={"Accept-Language": "vi"})
    sys1 = connected_system("một")
    sys2 = connected_system("hai")
    sysp = connected_system("ba", post=cast.officer.post)
    file = own.documents.exclude(file=None).first().file
    # files
    note("file HEAD", strange.head(reverse("file", args=[file.pk])))
    note("file range", strange.get(reverse("file", args=[file.pk]), headers={"Range": "bytes=0-10"}))
    note("file api by system", sys1.get(f"files/{file.pk}/"))
    note("file pdf signed", strange.get(reverse("file-pdf", args=[file.pk]) + "?signed=1&inline=1"))
    note("file signatures", strange.get(reverse("file-signatures", args=[file.pk])))
    note("file progress htmx", strange.get(reverse("file-progress", args=[file.pk]), headers={"HX-Request": "true"}))
    note("national file forged token", Client().get("/national/files/abc:def/"))
    # uploads
    tus = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "10",
        "Upload-Metadata": "filename " + base64.b64encode(b"a.pdf").decode(),
    }
    made = sys1.client.post("/api/v1/uploads/", headers={**sys1.headers, **tus})
    loc = made["Location"]
    for n, c, h in (("sys2", Client(), sys2.headers), ("stranger", strange, {}), ("nobody", Client(), {})):
        note(f"upload HEAD by {n}", c.head(loc, headers={**h, "Tus-Resumable": "1.0.0"}))
        note(
            f"upload PATCH by {n}",
            c.patch(
                loc,
                b"0123456789",
                content_type="application/offset+octet-stream",
                headers={**h, "Tus-Resumable": "1.0.0", "Upload-Offset": "0"},
            ),
        )
        note(f"upload DELETE by {n}", c.delete(loc, headers={**h, "Tus-Resumable": "1.0.0"}))

    def up(c, owner):
        meta = "filename " + base64.b64encode(b"a.pdf").decode() + ",owner " + base64.b64encode(owner.encode()).decode()
        return c.post(reverse("file-upload"), headers={**tus, "Upload-Metadata": meta})

    for owner in (
        own.reference,
        "system:1",
        f"account:{cast.citizen.account.pk}",
        f"message:{own.uid}",
        f"answer:{own.uid}",
        "intake:1",
        f"result:{own.uid}",
        "",
    ):
        note(f"tus owner {owner[:8]}", up(strange, owner))
    # staged file of another
    sent = sys1.send_file(pdf_upload()).json()["id"]
    note(
        "message with another's staged file",
        api(strange).post(f"dossiers/{other.code}/messages/", {"text": "x", "files": [sent]}),
    )
    note("message in another's dossier", api(strange).post(f"dossiers/{own.code}/messages/", {"text": "x"}))
    note(
        "message with other dossier's file id",
        api(strange).post(f"dossiers/{other.code}/messages/", {"text": "x", "files": [str(file.pk)]}),
    )
    # fields
    for f in (
        "answers",
        "filer",
        "owner_person",
        "search_vector",
        "internal",
        "holder",
        "password",
        "edition__facts",
        "documents.file",
    ):
        note(f"fields={f}", api(strange).get("dossiers/", {"fields": f}))
    note("unknown query", api(strange).get("dossiers/", {"filer": "1"}))
    note("expand", api(strange).get(f"dossiers/{other.code}/", {"expand": "filer"}))
    note("state filter of others", api(strange).get("dossiers/", {"state": "4"}), (200,))
    cur = base64.b64encode(f"p={own.pk + 1}".encode()).decode()
    a = api(strange).get("dossiers/", {"cursor": cur})
    R.append("cursor codes " + str([own.code in a.content.decode()]))
    # mass assignment
    for extra in (
        {"state": 9},
        {"settling_agency": 1},
        {"code": "H05.1"},
        {"filer": 1},
        {"fee_amount": 0},
        {"owner": {"name": "x"}},
        {"received_at": "2020-01-01"},
    ):
        note(
            f"filing + {list(extra)}",
            sys1.post("dossiers/", {**filing(), **extra}, **{"Idempotency-Key": uuid.uuid4().hex}),
        )
    note("citizen files for another", api(strange).post("dossiers/", filing(), **{"Idempotency-Key": uuid.uuid4().hex}))
    # idempotency
    k = uuid.uuid4().hex
    a = sys1.post("dossiers/", filing(), **{"Idempotency-Key": k})
    b = sys2.post("dossiers/", filing(), **{"Idempotency-Key": k})
    R.append(f"idem other system {a.status_code} {b.status_code} {a.json().get('code')} {b.json().get('code')}")
    note("idem reuse", sys1.post("dossiers/", filing(content="khác hẳn"), **{"Idempotency-Key": k}))
    code1 = a.json().get("code")
    # systems
    if code1:
        note("sys2 reads sys1's", sys2.get(f"dossiers/{code1}/"))
        note("sys2 acts", sys2.post(f"dossiers/{code1}/withdraw/", {"facts": {"reason": "x"}, "revision": 1}))
        note("sys2 messages", sys2.get(f"dossiers/{code1}/messages/"))
        note("sys2 payments", sys2.get(f"dossiers/{code1}/payments/"))
        note("sys1 acts as staff", sys1.post(f"dossiers/{code1}/receive/", {"facts": {}, "revision": 1}))
    note("sys w/o scope", connected_system("bốn", scopes=("catalogue",)).get("dossiers/"))
    note("sys post acts elsewhere", sysp.post(f"dossiers/{other.code}/take/", {"revision": other.revision}))
    note(
        "sys intake no post", sys1.post("intakes/", {**filing(), "owner": {}}, **{"Idempotency-Key": uuid.uuid4().hex})
    )
    wh = sys1.post("webhooks/", {"url": "https://example.vn/a"})
    R.append(f"wh {wh.status_code} {wh.content[:80]}")
    if wh.status_code == 201:
        w = wh.json()["id"]
        note("wh delete by sys2", sys2.client.delete(f"/api/v1/webhooks/{w}/", headers=sys2.headers))
        note("wh secret by sys2", sys2.post(f"webhooks/{w}/secret/", {}))
        note(
            "wh replay by sys2",
            sys2.post(f"webhooks/{w}/replay/", {"since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}),
        )
        for u in (
            "http://127.0.0.1:8000/",
            "https://localhost/",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "file:///etc/passwd",
            "https://10.0.0.1/",
            "https://user:pw@example.vn/",
        ):
            note(f"wh to {u}", sys1.post("webhooks/", {"url": u}))
    note("webhooks by person", api(cit).get("webhooks/messages/"))
    # negotiation
    note("format=api", cit.get("/api/v1/dossiers/?format=api"))
    note("accept html", cit.get("/api/v1/dossiers/", headers={"Accept": "text/html"}))
    note("method override", cit.post(f"/api/v1/dossiers/{own.code}/?_method=DELETE"))
    note("x-http-method", cit.get(f"/api/v1/dossiers/{own.code}/withdraw/", headers={"X-HTTP-Method-Override": "POST"}))
    note(
        "xml body",
        cit.post("/api/v1/dossiers/", "<a/>", content_type="application/xml", headers={"Idempotency-Key": k}),
    )
    e = Client(enforce_csrf_checks=True)
    e.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    note(
        "api post by session without csrf",
        e.post(f"/api/v1/dossiers/{own.code}/messages/", json.dumps({"text": "x"}), content_type="application/json"),
    )
    note(
        "api with text/plain json csrf",
        e.post(f"/api/v1/dossiers/{own.code}/messages/", json.dumps({"text": "x"}), content_type="text/plain"),
    )
    note("bearer of garbage plus session", cit.get("/api/v1/dossiers/", headers={"Authorization": "Bearer x"}))
    note("trace", cit.generic("TRACE", reverse("my-dossiers")))
    note("api trace", cit.generic("TRACE", "/api/v1/dossiers/"))
    # internal staff message / opinions visible to citizen through api
    mine = api(cit).get(f"dossiers/{own.code}/").json()
    R.append("keys " + ",".join(mine))
    R.append(json.dumps(mine, ensure_ascii=False)[:1500])
    note(
        "citizen intake",
        api(cit).post(
            "intakes/",
            {**filing(), "owner": {"personal_number": "027190000011", "name": "x"}},
            **{"Idempotency-Key": uuid.uuid4().hex},
        ),
    )
    note("citizen staff act", api(cit).post(f"dossiers/{own.code}/take/", {"revision": own.revision}))
    note("choose another's post", cit.post(reverse("choose-post"), {"post": cast.officer.post.pk}))
    note("statistics", sys1.get("statistics/")) if False else None
    note("sessions end junk", cit.post(reverse("profile-sessions"), {"session": "x"}), (200, 302, 400, 404, 422))
    note("sessions end other's", strange.post(reverse("profile-sessions"), {"session": "1"}), (200, 302, 400, 404, 422))
    print("\n".join(r for r in R if r))
    open("/tmp/p10-attack.txt", "w").write("\n".join(r for r in R if r))
