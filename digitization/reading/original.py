"""What a file is, before a page of it is read: its claim to be PDF/A, its signatures, its form.

PDF/A is validated and not believed: by `pikepdf.pdfa`, which approves a file only when it knows every construct in
it, so it may refuse a file that conforms but never the other way round (veraPDF is in none of the registries).
"""

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pikepdf
from ocrmypdf.pdfa import find_nonembedded_fonts
from pikepdf import Array, Dictionary, Name, pdfa

from core.garbage import paused_collection
from digitization.handover import Unreadable
from digitization.reading.forms import FormValue, form_values

CHECKED_WITH = f"pikepdf.pdfa {version('pikepdf')}"
_FLAVOURS = {"1B": "1b", "1A": "1b", "2B": "2b", "2U": "2b", "2A": "2b", "3B": "3b", "3U": "3b", "3A": "3b"}
MOST_FINDINGS = 20
_DEEPEST = 32


@dataclass(frozen=True)
class SignatureField:
    name: str
    signed: bool
    covers_whole_file: bool  # nothing was appended after it


@dataclass
class OriginalFacts:
    pages: int
    claimed: str = ""  # PDF/A part and level the file says it has, "2B"
    verdict: str = ""  # on that claim: "pass", "fail", "not_checked" (holds what the validator does not know)
    findings: list[str] = field(default_factory=list)  # why it did not pass
    signatures: list[SignatureField] = field(default_factory=list)
    form: list[FormValue] = field(default_factory=list)

    @property
    def is_signed(self) -> bool:
        return any(signature.signed for signature in self.signatures)


def examine_original(path: Path) -> OriginalFacts:
    """The facts of a PDF. Errors: Unreadable."""
    try:
        with pikepdf.open(path) as pdf:
            facts = OriginalFacts(len(pdf.pages), form=form_values(pdf))
            facts.claimed = (pdf.open_metadata().pdfa_status or "").upper()
            facts.signatures = _signatures(pdf, path.stat().st_size)
    except pikepdf.PasswordError:
        raise Unreadable("encrypted") from None
    except (pikepdf.PdfError, ValueError, KeyError, AttributeError, TypeError):
        raise Unreadable("broken") from None
    if facts.claimed:
        facts.verdict, facts.findings = validate_pdfa(path, facts.claimed)
    return facts


def validate_pdfa(path: Path, claimed: str) -> tuple[str, list[str]]:
    """(verdict on level b of what the file claims, why it did not pass); see `OriginalFacts.verdict`."""
    flavour = _FLAVOURS.get(claimed)
    if flavour is None:
        return "not_checked", [f"PDF/A-{claimed} cannot be validated here"]
    try:
        with paused_collection():
            report = pdfa.validate_written(path, flavour)
        with pikepdf.open(path) as pdf:
            missing = sorted(find_nonembedded_fonts(pdf))
    except (pikepdf.PdfError, ValueError) as problem:
        return "fail", [str(problem)]
    reasons = [f"font not embedded: {font}" for font in missing] + [str(finding) for finding in report.findings]
    return "fail" if missing else str(report.verdict), reasons[:MOST_FINDINGS]


def _signatures(pdf: pikepdf.Pdf, size: int) -> list[SignatureField]:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        return []
    found: list[SignatureField] = []
    _collect(form.get("/Fields"), "", size, found, 0)
    return found


def _collect(fields: object, above: str, size: int, found: list[SignatureField], depth: int) -> None:
    if not isinstance(fields, Array) or depth > _DEEPEST:
        return
    for node in fields:
        if not isinstance(node, Dictionary):
            continue
        name = ".".join(filter(None, (above, str(node.get("/T", "")))))
        if node.get("/FT") == Name.Sig:
            value = node.get("/V")
            ranges = [int(n) for n in value.get("/ByteRange", [])] if isinstance(value, Dictionary) else []
            whole = len(ranges) == 4 and ranges[0] == 0 and ranges[2] + ranges[3] >= size
            found.append(SignatureField(name, isinstance(value, Dictionary), whole))
        _collect(node.get("/Kids"), name, size, found, depth + 1)
