"""The judgement on a file's signatures, kept beside what its scan found; made by a worker, asked for anew by anybody
who may read the file."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from digitization import kinds
from digitization.models import Scan, StoredFile
from digitization.signing.validation import validate_signatures
from journal import outbox
from papers.signing.verdicts import SignatureVerdict, sentence_of

TOPIC = "check_signatures"
_KEPT = "signature_check"


def ask_check(file: StoredFile, at: datetime) -> None:
    """Have the signatures judged; recorded in the present transaction."""
    outbox.record_message(TOPIC, {"file": str(file.pk)}, key=f"{TOPIC}:{file.pk}:{at.isoformat()}")


def is_signed(scan: Scan) -> bool:
    """Whether the file, once read, was found to hold a signature."""
    return any(each.get("signed") for each in scan.facts.get("signatures", []))


def check_signatures(file: StoredFile, at: datetime) -> list[SignatureVerdict]:
    """Judge and keep the verdicts; a second time replaces the first."""
    if file.media_type != kinds.PDF:
        return []
    with default_storage.open(file.storage_name) as opened:
        verdicts = validate_signatures(opened.read())
    with transaction.atomic():
        scan = Scan.objects.select_for_update().filter(pk=file.pk).first()
        if scan is not None:
            kept = {"at": at.isoformat(), "verdicts": [asdict(verdict) for verdict in verdicts]}
            scan.facts = {**scan.facts, _KEPT: kept}
            scan.save(update_fields=["facts"])
    return verdicts


def verdicts_of(scan: Scan | None) -> tuple[datetime | None, list[SignatureVerdict]]:
    """(when it was judged, the verdicts); None while nobody has."""
    kept: dict[str, Any] = scan.facts.get(_KEPT, {}) if scan is not None else {}
    if not kept:
        return None, []
    return parse_datetime(kept["at"]), [SignatureVerdict(**each) for each in kept["verdicts"]]


def summary_of(scan: Scan | None) -> dict[str, Any] | None:
    """For a file's card: whether all is good, and in words; None for a file without a signature."""
    if scan is None or not is_signed(scan):
        return None
    _at, verdicts = verdicts_of(scan)
    if not verdicts:
        return {"good": None, "text": _("Có chữ ký số, đang chờ kiểm tra")}
    bad = next((verdict for verdict in verdicts if not verdict.is_good), None)
    if bad is not None:
        return {"good": False, "text": str(sentence_of(bad.code))}
    names = ", ".join(verdict.signer for verdict in verdicts)
    return {"good": True, "text": _("Chữ ký số hợp lệ: %(names)s") % {"names": names}}


def statement_of(scan: Scan | None) -> str:
    """What is known of a file's signatures, where something is always said: none, not checked yet, or how they are."""
    summary = summary_of(scan)
    if summary is not None:
        return str(summary["text"])
    return _("Không có") if was_searched(scan) else _("Chưa kiểm tra")


def was_searched(scan: Scan | None) -> bool:
    """Whether the file has been read, so that a signature in it would have been seen."""
    return scan is not None and scan.state == Scan.State.READY


def rows_of(scan: Scan | None) -> list[dict[str, Any]]:
    """Each signature as its page shows it."""
    _at, verdicts = verdicts_of(scan)
    return [
        {
            "verdict": verdict,
            "sentence": sentence_of(verdict.code),
            "signed_at": timezone.localtime(moment) if (moment := parse_datetime(verdict.signed_at or "")) else None,
        }
        for verdict in verdicts
    ]
