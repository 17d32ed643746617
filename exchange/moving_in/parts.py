"""The parts of a row that are lists or choices: pauses, what is waited for, history, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from dossiers.models import ENDED_STATES, DossierDocument, PauseReason, State
from dossiers.moving_in.records import MovedEvent, MovedFile, MovedPause, MovedSupplement

STATES = {state.name.lower(): state for state in State} | {str(int(state)): state for state in State}


@dataclass
class Findings:
    """What a check found: the row cannot be written where `problems` is not empty."""

    problems: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)

    def wrong(self, code: str, name: str = "", said: object = "") -> None:
        self.problems.append({"code": code, "field": name} | ({"said": str(said)[:120]} if said else {}))


def pauses_of(said: Mapping[str, Any], state: State | None, found: Findings) -> tuple[MovedPause, ...]:
    """When the clock stood still; a supplement that is asked for stops it."""
    pauses = []
    for each in said.get("pauses", []):
        reason = one_of(each, "reason", PauseReason.values, found) or PauseReason.SUPPLEMENT
        began, ended = each.get("began_at"), each.get("ended_at")
        if began is None or (ended is not None and ended < began):
            found.wrong("order", "pauses")
            continue
        pauses.append(MovedPause(reason, began, ended))
    still = [pause for pause in pauses if pause.ended_at is None]
    if len(still) > 1 or (still and state in (*ENDED_STATES, State.DONE)):
        found.wrong("order", "pauses")
    asked = said.get("supplement_asked_at")
    if state == State.SUPPLEMENT and asked is not None and not still and said.get("received_at"):
        pauses.append(MovedPause(PauseReason.SUPPLEMENT, asked, None))
    return tuple(pauses)


def supplement_of(said: Mapping[str, Any], state: State) -> MovedSupplement | None:
    """What an open dossier waits for."""
    if state != State.SUPPLEMENT:
        return None
    since = [each.get("began_at") for each in said.get("pauses", []) if not each.get("ended_at")]
    asked = said.get("supplement_asked_at") or next(filter(None, since), None) or said.get("received_at")
    items = tuple(each["name"] for each in said.get("supplement_items", []) if each.get("name"))
    if asked is None:
        asked = said.get("filed_at")
    if asked is None:
        return None  # said already: it never came
    return MovedSupplement(items, said.get("supplement_reason", ""), asked, said.get("supplement_answer_by"))


def history_of(said: Mapping[str, Any], found: Findings) -> tuple[MovedEvent, ...]:
    """The other system's lines in the order of time."""
    lines = []
    for each in said.get("history", []):
        if each.get("at") is None:
            found.wrong("unreadable", "history.at")
            continue
        state = STATES.get(str(each.get("state", "")).lower())
        lines.append(MovedEvent(each["at"], each.get("actor", ""), each.get("text", ""), int(state) if state else None))
    return tuple(sorted(lines, key=lambda line: line.at))


def files_of(
    said: Mapping[str, Any], folder: Path | None, papers: set[str] | None, found: Findings
) -> tuple[MovedFile, ...]:
    """Files of the folder on this machine; none outside of it. `papers` is None where no procedure is known."""
    files = []
    kinds = (DossierDocument.Kind.COMPONENT, DossierDocument.Kind.OTHER, DossierDocument.Kind.RESULT)
    for each in said.get("files", []):
        path = (folder / each.get("path", "")).resolve() if folder else None
        if path is None or folder is None or not path.is_relative_to(folder.resolve()) or not path.is_file():
            found.wrong("no_file", "files.path", each.get("path"))
            continue
        if not 0 < path.stat().st_size <= settings.UPLOAD_LIMIT_BYTES:
            found.wrong("file_refused", "files.path", each.get("path"))
        kind = each.get("kind") or (DossierDocument.Kind.COMPONENT if each.get("paper") else DossierDocument.Kind.OTHER)
        if kind not in kinds:
            found.wrong("unknown_value", "files.kind", kind)
        paper = each.get("paper", "")
        if paper and papers is not None and paper not in papers:
            found.notes.append({"code": "paper_unknown", "field": "files.paper", "said": paper[:120]})
        issued = each.get("issued_on")
        files.append(
            MovedFile(
                path,
                each.get("name") or path.name,
                kind,
                paper,
                each.get("number", "")[:60],
                timezone.localdate(issued) if issued else None,
                each.get("signer", "")[:150],
            )
        )
    return tuple(files)


def one_of(said: Mapping[str, Any], name: str, allowed: list[str], found: Findings) -> str:
    """A value that is one of those taken; "" where there is none."""
    value = str(said.get(name, ""))
    if value and value not in allowed:
        found.wrong("unknown_value", name, value)
        return ""
    return value
