"""A large file in parts over the API, by tus 1.0: broken off, gone on with, then used in a filing."""

import base64

from tests.factories.scans import PDF
from tests.factories.systems import SCOPES, connected_system, filing

TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"


def begin(caller, size: int):
    name = base64.b64encode(b"don.pdf").decode()
    headers = {**caller.headers, **TUS, "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    return caller.client.post("/api/v1/uploads/", headers=headers)


def send(caller, address: str, part: bytes, offset: int):
    return caller.client.patch(
        address, part, content_type=PART, headers={**caller.headers, **TUS, "Upload-Offset": str(offset)}
    )


def test_a_file_in_parts_is_filed(cast, edition):
    caller = connected_system("portal", scopes=SCOPES)
    begun = begin(caller, len(PDF))
    assert begun.status_code == 201
    address = begun.headers["Location"]
    assert send(caller, address, PDF[:10], 0).status_code == 204
    known = caller.client.head(address, headers={**caller.headers, **TUS})
    assert known.headers["Upload-Offset"] == "10"
    wrong = send(caller, address, PDF[10:], 5)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "offset_mismatch")
    assert "Upload-Offset" in wrong.json()["detail"], "what to do about it"
    last = send(caller, address, PDF[10:], 10)
    assert last.status_code == 204
    file = last.headers["OSS-File"]
    answer = caller.post(
        "dossiers/", filing(documents=[{"key": "application", "file": file}]), **{"Idempotency-Key": "parts-0001"}
    )
    assert answer.status_code == 201, answer.json()


def test_nobody_goes_on_with_anothers_and_errors_are_problems(cast):
    caller, other = connected_system("portal", scopes=SCOPES), connected_system("other", scopes=SCOPES)
    address = begin(caller, 100).headers["Location"]
    assert send(other, address, b"x", 0).status_code == 404
    assert caller.client.post("/api/v1/uploads/", headers=caller.headers).json()["code"] == "wrong_version"
    large = begin(caller, 10**11)
    assert (large.status_code, large.headers["Content-Type"]) == (413, "application/problem+json")
    gone = caller.client.delete(address, headers={**caller.headers, **TUS})
    assert gone.status_code == 204
    assert send(caller, address, b"x", 0).status_code == 404
    reader = connected_system("reader", scopes=("dossiers:read",))
    assert begin(reader, 10).status_code == 403
