"""What the OCR program and the worker that starts it agree on: names in the working folder, and the refusal."""

SEARCHABLE, RESULT = "searchable.pdf", "result.json"


def thumbnail_name(page: int) -> str:
    return f"page-{page}.png"


def page_name(page: int) -> str:
    """What was found on a page (`reading.findings.PageFindings.pack`)."""
    return f"page-{page}.found"


class Unreadable(Exception):
    """The file cannot be made searchable; `code` is one of `scans.REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
