"""Running the OCR program for one file: its progress, its limits, its results."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from digitization import tessdata
from digitization.handover import RESULT, SEARCHABLE, Unreadable, page_name, thumbnail_name

OnProgress = Callable[[str, int, int], None]
OnPage = Callable[[int, bytes], None]

# Somebody looks at `on_progress` at least this often while a file is read.
HEARTBEAT_SECONDS = 3.0
START_SECONDS, SECONDS_A_PAGE = 120, 60


class Crashed(Exception):
    """The OCR program ended without a result; another attempt may do."""


@dataclass(frozen=True)
class Recognised:
    """What came out; the files lie in the folder given to `recognise`."""

    pages: int
    pdfa: bool  # declared and validated; otherwise a plain searchable PDF
    texts: list[str]  # one a page
    facts: dict[str, Any]  # reading.original.OriginalFacts
    findings: list[dict[str, Any]]  # one a page, as `digitization.ocr` sums it up
    searchable: Path
    thumbnails: list[Path]  # one a page


def recognise_pages(
    source: Path,
    media_type: str,
    folder: Path,
    on_progress: OnProgress,
    on_page: OnPage = lambda number, packed: None,
    known: Mapping[int, bytes] | None = None,
) -> Recognised:
    """Make `source` searchable. `on_progress` is called every few seconds with (stage, pages done, pages).

    `on_page` is given (number, packed findings) as soon as a page is read; pages that an earlier attempt gave so are
    handed in as `known` and not read again. What the two raise stops the program and passes through.
    Errors: Unreadable, Crashed.
    """
    for number, packed in (known or {}).items():
        (folder / page_name(number)).write_bytes(packed)

    def keep_page(number: int) -> None:
        on_page(number, (folder / page_name(number)).read_bytes())

    models = tessdata.unpack(settings.BASE_DIR / "node_modules", settings.DATA_DIR / "tessdata")
    command = [sys.executable, "-m", "digitization.ocr", str(source), media_type, str(folder)]
    with (folder / "ocr.log").open("wb") as log:
        program = subprocess.Popen(  # noqa: S603 (our own module, our own paths)
            [*command, str(settings.SCAN_JOBS), str(settings.SCAN_MOST_PAGES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "TESSDATA_PREFIX": str(models),
                "OMP_THREAD_LIMIT": "1",  # pages side by side beat threads within a page
                "TMPDIR": str(folder),
            },
        )
        try:
            _follow(program, on_progress, keep_page)
        finally:
            program.kill()
            program.wait()
            for pipe in (program.stdin, program.stdout):
                if pipe:
                    pipe.close()
    result = folder / RESULT
    if program.returncode != 0 or not result.exists():
        said = (folder / "ocr.log").read_text(errors="replace")[-2000:]
        raise Crashed(f"the OCR program ended with {program.returncode}: {said}")
    found = json.loads(result.read_text())
    return Recognised(
        pages=found["pages"],
        pdfa=found["pdfa"],
        texts=found["texts"],
        facts=found["facts"],
        findings=found["findings"],
        searchable=folder / SEARCHABLE,
        thumbnails=[folder / thumbnail_name(number) for number in range(1, found["pages"] + 1)],
    )


def _follow(program: subprocess.Popen[bytes], on_progress: OnProgress, on_page: Callable[[int], None]) -> None:
    lines: queue.Queue[bytes | None] = queue.Queue()
    threading.Thread(target=_read, args=(program, lines), daemon=True).start()
    started, told = time.monotonic(), 0.0
    stage, done, pages = "checking", 0, 0
    while True:
        try:
            line = lines.get(timeout=HEARTBEAT_SECONDS)
        except queue.Empty:
            line = b""
        if line is None:
            program.wait()
            return
        before = (stage, done)
        if line:
            said = json.loads(line)
            if "unreadable" in said:
                raise Unreadable(said["unreadable"])
            stage, done, pages = said["stage"], said["done"], said["pages"]
            if said["page"]:
                on_page(said["page"])
        if time.monotonic() - started > START_SECONDS + SECONDS_A_PAGE * pages:
            raise Unreadable("timeout")
        if before != (stage, done) or time.monotonic() - told >= HEARTBEAT_SECONDS:
            told = time.monotonic()
            on_progress(stage, done, pages)


def _read(program: subprocess.Popen[bytes], lines: "queue.Queue[bytes | None]") -> None:
    assert program.stdout is not None
    for line in program.stdout:
        lines.put(line)
    lines.put(None)
