"""A drawn PDF made into PDF/A-2b: the archival form that state archives and readers can open decades from now."""

from datetime import datetime
from io import BytesIO

import pikepdf
from pikepdf import pdfa

from core.garbage import paused_collection


def finish_as_pdfa(pdf: bytes, *, title: str, author: str, at: datetime) -> bytes:
    """PDF/A-2b bytes with sRGB output intent and XMP metadata, the page content unchanged.

    The written bytes are validated; raises `pikepdf.pdfa.PdfaError` with its report when anything does not conform.
    """
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            if "/Trans" in page.obj:  # an empty slide transition that reportlab writes
                del page.obj["/Trans"]
        document.Root.Lang = pikepdf.String("vi-VN")
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with document.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:title"] = title
            meta["dc:creator"] = [author]
            meta["dc:language"] = ["vi-VN"]
            meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = at.isoformat(timespec="seconds")
            meta["xmp:CreatorTool"] = "OSS Portal"
        with paused_collection():
            pdfa.save(document, out, "2b")
    return out.getvalue()
