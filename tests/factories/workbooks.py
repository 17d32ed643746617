"""Workbooks as other programs write them, made from ones of openpyxl."""

import io
import zipfile

_TRANSITIONAL = "http://schemas.openxmlformats.org"
STRICT = {
    f"{_TRANSITIONAL}/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    f"{_TRANSITIONAL}/officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def edited_workbook(content: bytes, replaced: dict[str, str]) -> bytes:
    """The workbook with other texts in its XML; what is to be replaced must be there."""
    made, seen = io.BytesIO(), set()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for before, after in replaced.items():
                if before in text:
                    seen.add(before)
                    text = text.replace(before, after)
            new.writestr(name, text)
    assert seen == replaced.keys()
    return made.getvalue()
