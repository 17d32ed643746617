"""Reading an extract file: one JSON object a line (also packed with xz), or one JSON list."""

import hashlib
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

Row = dict[str, Any]


class UnreadableExtract(ValueError):
    """The file is no extract; the message says what to do."""


@dataclass(frozen=True)
class Line:
    """One row of the file by its number from 1; `row` is None where `problem` says why it cannot be read."""

    number: int
    row: Row | None
    problem: str = ""


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_extract(path: Path) -> list[Line]:
    """All lines of an extract, in order; a broken line is given with its problem, never left out.

    Raises UnreadableExtract when the file itself cannot be read.
    """
    if not path.is_file():
        raise UnreadableExtract(f"There is no file {path}: give the path of a .jsonl, .jsonl.xz or .json extract.")
    try:
        with _opened(path) as file:
            lines = list(_listed(file)) if _suffix(path) == ".json" else list(_lines(file))
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableExtract(f"{path.name} cannot be read ({error}): fetch the extract anew.") from error
    if not lines:
        raise UnreadableExtract(f"{path.name} has no rows: fetch the extract anew.")
    return lines


def _suffix(path: Path) -> str:
    return Path(path.stem).suffix if path.suffix == ".xz" else path.suffix


def _opened(path: Path) -> BinaryIO:
    return lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb")  # type: ignore[return-value]


def _lines(file: BinaryIO) -> Iterator[Line]:
    for number, raw in enumerate(file, start=1):
        if not raw.strip():
            continue
        try:
            yield _line(number, json.loads(raw.decode("utf-8")))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            yield Line(number, None, f"not JSON: {error}")


def _listed(file: BinaryIO) -> Iterator[Line]:
    content = json.loads(file.read().decode("utf-8"))
    if not isinstance(content, list):
        raise UnreadableExtract("A .json extract is a list of procedures.")
    for number, row in enumerate(content, start=1):
        yield _line(number, row)


def _line(number: int, row: Any) -> Line:
    return Line(number, row) if isinstance(row, dict) else Line(number, None, "not an object with named parts")
