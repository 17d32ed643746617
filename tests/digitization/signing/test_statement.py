"""What lists say of signatures: nothing is called unsigned before it was read."""

import pytest

from digitization.models import Scan
from digitization.signing import checks

SIGNED = {"signatures": [{"signed": True}]}
GOOD = {"at": "2026-11-23T09:00:00+07:00", "verdicts": []}


@pytest.mark.parametrize(
    ("scan", "said"),
    [
        (None, "Chưa kiểm tra"),
        (Scan(state="queued"), "Chưa kiểm tra"),
        (Scan(state="parked"), "Chưa kiểm tra"),
        (Scan(state="ready"), "Không có"),
        (Scan(state="ready", facts=SIGNED), "Có chữ ký số, đang chờ kiểm tra"),
        (Scan(state="ready", facts={**SIGNED, "signature_check": GOOD}), "Có chữ ký số, đang chờ kiểm tra"),
    ],
    ids=["no scan", "queued", "parked", "read", "signed", "no verdict"],
)
def test_what_is_said_of_signatures(scan, said):
    assert checks.statement_of(scan) == said
