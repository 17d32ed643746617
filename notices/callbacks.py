"""The address at which a gateway reports on one message. It carries our signature, because gateways sign nothing:
whoever calls it was given it by us, and it is good for that message only."""

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from notices.models import Notice


def _signer() -> Signer:
    return Signer(salt="notices.callbacks", sep=".")


def address(notice: Notice) -> str:
    token = _signer().sign(notice.reference.hex)
    return str(settings.PUBLIC_URL) + reverse("notice-report", args=[token])


def reference_of(token: str) -> uuid.UUID | None:
    """The message's reference; None when the signature is not ours."""
    try:
        return uuid.UUID(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
