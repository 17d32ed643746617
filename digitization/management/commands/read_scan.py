"""What is in a file, as the scan chain sees it: the same reading as of an uploaded one, and nothing is stored."""

import json
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digitization import kinds
from digitization.handover import Unreadable
from digitization.reading.original import CHECKED_WITH
from digitization.recognition import Crashed, recognise_pages
from digitization.scans import reason_sentence


class Command(BaseCommand):
    help = (
        "Read files and print, for each, its kind, pages (where the text of each comes from, confidence, text, "
        "codes), whether it is PDF/A, its signatures and form values. Nothing is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, one line a file")
        parser.add_argument("--copy", metavar="FOLDER", help="also write the searchable copy into this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["files"]:
            path = Path(name)
            if not path.is_file():
                raise CommandError(f"{path} is no file.")
            said = read_scan(path, Path(options["copy"]) if options["copy"] else None)
            self.stdout.write(json.dumps(said, ensure_ascii=False) if options["json"] else _in_words(said))


def read_scan(path: Path, copies: Path | None = None) -> dict[str, Any]:
    """What the command prints about one file; `copies`: where its searchable copy goes."""
    said: dict[str, Any] = {"file": path.name}
    try:
        said["kind"] = kinds.identify_kind(path)
    except kinds.UploadRefused as refused:
        return {**said, "kind": "", "refused": {"code": refused.code, "sentence": str(refused.sentence)}}
    if said["kind"] not in kinds.SCANNABLE:
        return {**said, "pages": []}
    with tempfile.TemporaryDirectory(prefix="read-scan-") as folder:
        try:
            found = recognise_pages(path.resolve(), said["kind"], Path(folder), lambda stage, done, pages: None)
        except Unreadable as unreadable:
            return {**said, "refused": {"code": unreadable.code, "sentence": str(reason_sentence(unreadable.code))}}
        except Crashed as crashed:
            return {**said, "refused": {"code": "crashed", "sentence": str(crashed)}}
        if copies is not None:
            copies.mkdir(parents=True, exist_ok=True)
            (copies / f"{path.stem}.pdf").write_bytes(found.searchable.read_bytes())
            for number, thumbnail in enumerate(found.thumbnails, start=1):
                (copies / f"{path.stem}-{number}.png").write_bytes(thumbnail.read_bytes())
    pages = [{**page, "text": text} for page, text in zip(found.findings, found.texts, strict=True)]
    facts = found.facts
    return {
        **said,
        "pages": pages,
        "pdfa": {
            "claimed": facts["claimed"],
            "verdict": facts["verdict"],
            "findings": facts["findings"],
            "checked_with": CHECKED_WITH,
        },
        "copy": {"pdfa": found.pdfa},
        "signatures": facts["signatures"],
        "form": facts["form"],
    }


def _in_words(said: dict[str, Any]) -> str:
    lines = [f"{said['file']}: {said['kind'] or 'refused'}"]
    if "refused" in said:
        return "\n".join([*lines, f"  {said['refused']['code']}: {said['refused']['sentence']}"])
    if said.get("pdfa", {}).get("claimed"):
        lines.append(f"  claims PDF/A-{said['pdfa']['claimed']}: {said['pdfa']['verdict']} ({CHECKED_WITH})")
    for page in said["pages"]:
        codes = ", ".join(code["text"] for code in page["barcodes"])
        lines.append(f"  page {page['number']}: {page['source']}, {page['confidence']:.0%}, {page['quality']} {codes}")
        lines += [f"    {line}" for line in page["text"].splitlines() if line]
    return "\n".join(lines)
