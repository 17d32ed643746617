"""Fonts of TCVN3 and VNI in our copy: they are told which Unicode their letters are, so that its text is found."""

import pikepdf
from pikepdf import Dictionary, Name

from vietnam.legacy_encodings import legacy_encoding, to_unicode

_SIMPLE = (Name.TrueType, Name.Type1)
_HEAD = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Legacy def /CMapType 2 def\n"
    "1 begincodespacerange <00> <ff> endcodespacerange\n"
)
_TAIL = "endcmap CMapName currentdict /CMap defineresource pop end end"


def map_legacy_fonts(pdf: pikepdf.Pdf) -> int:
    """Give every simple font with a legacy name a table to Unicode; returns how many. Others stay as they are."""
    done: set[tuple[int, int]] = set()
    for page in pdf.pages:
        fonts = page.resources.get("/Font") if "/Resources" in page.obj else None
        for font in fonts.values() if isinstance(fonts, Dictionary) else ():
            encoding = legacy_encoding(str(font.get("/BaseFont", "")).lstrip("/"))
            if not encoding or font.get("/Subtype") not in _SIMPLE or font.objgen in done:
                continue
            if font.objgen != (0, 0):
                done.add(font.objgen)
            font["/ToUnicode"] = pdf.make_stream(_table(encoding).encode())
    return len(done)


def _table(encoding: str) -> str:
    rows = []
    for code in range(32, 256):
        shown = bytes([code]).decode("cp1252", "ignore")
        unicode = to_unicode(shown, encoding)
        if unicode:
            rows.append(f"<{code:02x}> <{unicode.encode('utf-16-be').hex()}>")
    parts = [rows[first : first + 100] for first in range(0, len(rows), 100)]
    return _HEAD + "".join(f"{len(p)} beginbfchar\n" + "\n".join(p) + "\nendbfchar\n" for p in parts) + _TAIL
