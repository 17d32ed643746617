"""Files that the portal fetches from us, at signed addresses that hold for a month and say nothing of a person."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from digitization.models import StoredFile
from dossiers.models import DossierDocument

_SALT = "national-portal-file"
_HOLDS_SECONDS = 30 * 24 * 3600


def file_address(file_id: UUID) -> str:
    """Where the portal gets a paper or an issued result of a dossier that it is told of."""
    token = signing.dumps(file_id.hex, salt=_SALT)
    return str(settings.PUBLIC_URL) + reverse("national-file", args=[token])


def file_at(token: str) -> StoredFile | None:
    """The file of an address that was told; none when it holds no longer or what it named was taken back."""
    try:
        file_id = UUID(signing.loads(token, salt=_SALT, max_age=_HOLDS_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
    told = DossierDocument.objects.filter(file=file_id, withdrawn_at=None).exclude(
        kind=DossierDocument.Kind.RESULT, issued_on=None
    )
    return StoredFile.objects.present().filter(pk=file_id).first() if told.exists() else None
