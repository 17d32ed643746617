"""A file as pages show it (templates/components/file_card.html)."""

from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from digitization import scans
from digitization.models import Scan, StoredFile

_SALT = "digitization.file-card"


def card(file: StoredFile, *, remove_url: str = "") -> dict[str, Any]:
    """What the component needs of one file; costs no query when `scan` was selected with the file.

    `remove_url`: address that takes the file back; the card keeps it while it renews itself.
    """
    scan: Scan | None = getattr(file, "scan", None)
    address = [str(file.pk)]
    ready = scan is not None and scan.state == Scan.State.READY
    query = f"?remove={signing.dumps([str(file.pk), remove_url], salt=_SALT)}" if remove_url else ""
    return {
        "name": file.name,
        "size": file.size,
        "url": reverse("file", args=address),
        "pdf_url": reverse("file-pdf", args=address) if ready else "",
        "thumbnail_url": reverse("file-page", args=[*address, 1]) if scan and ready and scan.pages else "",
        "sha256": "",
        "state": scan.state if scan else "",
        "stage": scan.stage if scan else "",
        "pages": scan.pages if scan else 0,
        "pages_done": scan.pages_done if scan else 0,
        "reason": scans.reason_sentence(scan.reason) if scan and scan.reason else "",
        "progress_url": reverse("file-progress", args=address) + query if scan else "",
        "remove_url": remove_url,
    }


def removal_of(request: HttpRequest, file: StoredFile) -> str:
    """The `remove_url` of the card that asks for its successor; "" when it has none or was tampered with."""
    try:
        pk, url = signing.loads(request.GET.get("remove", ""), salt=_SALT)
    except (signing.BadSignature, ValueError):
        return ""
    return url if pk == str(file.pk) else ""
