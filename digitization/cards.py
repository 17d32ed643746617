"""A file as pages show it (templates/components/file_card.html)."""

from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from digitization import malware, scans
from digitization.models import Scan, StoredFile
from digitization.signing import checks, copies

_SALT = "digitization.file-card"


def read_card(file: StoredFile, *, note: str = "", remove_url: str = "", remove_form: str = "") -> dict[str, Any]:
    """What the component needs of one file; costs no query when `scan` was selected with the file.

    `note`: what the file is; `remove_url`: address that takes it back, sent by the form with the id `remove_form`
    when the card itself stands within a form. The card keeps all three while it renews itself.
    """
    scan: Scan | None = getattr(file, "scan", None)
    address = [str(file.pk)]
    closed = malware.why_closed(file)
    ready = scan is not None and scan.state == Scan.State.READY and not closed
    kept = {"note": note, "remove_url": remove_url, "remove_form": remove_form}
    query = f"?kept_card={signing.dumps([str(file.pk), kept], salt=_SALT)}" if any(kept.values()) else ""
    return {
        "name": file.name,
        "size": file.size,
        "url": "" if closed else reverse("file", args=address),
        "closed": closed,
        "pdf_url": reverse("file-pdf", args=address) if ready else "",
        "thumbnail_url": reverse("file-page", args=[*address, 1]) if scan and ready and scan.pages else "",
        "before_url": reverse("file", args=[file.version_of_id]) if file.version_of_id else "",
        "signed_copy": copies.copy_of(file) if ready else {},
        "signatures": checks.summary_of(scan) if ready else None,
        "signatures_url": reverse("file-signatures", args=address),
        "sha256": "",
        "state": scan.state if scan and not closed else "",
        "stage": scan.stage if scan else "",
        "pages": scan.pages if scan else 0,
        "pages_done": scan.pages_done if scan else 0,
        "reason": scans.reason_sentence(scan.reason) if scan and scan.reason else "",
        "progress_url": reverse("file-progress", args=address) + query if scan or closed else "",
        "renews": _renews(file, scan, closed),
        **kept,
    }


def _renews(file: StoredFile, scan: Scan | None, closed: str) -> str:
    """How often the card asks for its successor, as htmx says it; "" when nothing is under way."""
    if closed:
        return "every 5s" if file.malware != StoredFile.Malware.FOUND else ""
    return "every 2s" if scan is not None and scan.state in (Scan.State.QUEUED, Scan.State.RUNNING) else ""


def kept_of(request: HttpRequest, file: StoredFile) -> dict[str, str]:
    """What the card that asks for its successor was made with; empty when that is nothing or was tampered with."""
    try:
        pk, kept = signing.loads(request.GET.get("kept_card", ""), salt=_SALT)
    except (signing.BadSignature, ValueError):
        return {}
    return kept if pk == str(file.pk) else {}
