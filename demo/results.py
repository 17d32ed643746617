"""The signed copy of a result in the demonstration: a sheet that says what it is."""

import io
from functools import cache

from django.core.files.base import ContentFile
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from accounts.actors import Actor
from digitization import uploads
from digitization.models import StoredFile
from dossiers.models import Dossier


def signed_copy(dossier: Dossier, by: Actor) -> StoredFile:
    """A file of the dossier; its content is the same for all and kept once."""
    return uploads.store_file(ContentFile(_sheet()), "ket-qua-da-ky.pdf", dossier.reference, by)


@cache
def _sheet() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A5, invariant=True)
    canvas.drawString(60, 480, "Ket qua trinh dien - demonstration result")
    canvas.save()
    return stream.getvalue()
