"""The checklist for papers that come after filing: ticked, counted and scanned, one line each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from core.fields import IntegerField
from digitization import scans, uploads
from digitization.fields import UploadField
from dossiers.filing.papers_brought import Brought
from dossiers.models import Dossier
from procedures import display
from procedures.editions.papers import papers_of_case
from procedures.models import RequiredDocument

MORE_LINES = 2  # for papers that nobody asked for by name


class PapersForm(forms.Form):
    """Lines: what an open request asks for, then the checklist of the case, then empty ones for other papers."""

    def __init__(self, dossier: Dossier, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "papers")
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.lines = _lines(dossier)
        for number, (name, _document) in enumerate(self.lines):
            if not name:
                self.fields[f"name_{number}"] = forms.CharField(label=_("Giấy tờ khác"), required=False, max_length=300)
            for kind, label in (("originals", _("Bản chính")), ("copies", _("Bản sao"))):
                self.fields[f"{kind}_{number}"] = IntegerField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=99,
                    widget=forms.NumberInput({"class": "govuk-input--width-2"}),
                )
            self.fields[f"file_{number}"] = UploadField(label=_("Bản quét"), required=False, multiple=True)

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each line with its fields."""
        return [
            {
                "name": name,
                "reason": display.why_not_demanded(document) if document else "",
                "name_field": None if name else self[f"name_{number}"],
                "fields": [self[f"{part}_{number}"] for part in ("originals", "copies", "file")],
            }
            for number, (name, document) in enumerate(self.lines)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for number, (name, _document) in enumerate(self.lines):
            if not name and _anything(given, number) and not given.get(f"name_{number}"):
                self.add_error(f"name_{number}", _("Hãy ghi tên giấy tờ."))
        return given

    def brought(self, by: Actor) -> list[Brought]:
        """What was handed in; scans are stored and queued for reading."""
        found = []
        for number, (name, document) in enumerate(self.lines):
            if not _anything(self.cleaned_data, number):
                continue
            sent = self.cleaned_data.get(f"file_{number}") or []
            files = [uploads.store_file(file, file.name, self.dossier.reference, by) for file in sent]
            for file in files:
                scans.queue_scan(file)
            found.append(
                Brought(
                    name=name or self.cleaned_data[f"name_{number}"],
                    document=document,
                    originals=self.cleaned_data.get(f"originals_{number}") or 0,
                    copies=self.cleaned_data.get(f"copies_{number}") or 0,
                    files=tuple(files),
                )
            )
        return found


def _anything(given: dict[str, Any], number: int) -> bool:
    return any(given.get(f"{part}_{number}") for part in ("originals", "copies", "file"))


def _lines(dossier: Dossier) -> list[tuple[str, RequiredDocument | None]]:
    papers = papers_of_case(dossier.edition, dossier.case)
    known = {paper.name for paper in papers}
    asked = dossier.supplement_requests.filter(answered_at__isnull=True).first()
    wanted = [(item["name"], None) for item in asked.items if item["name"] not in known] if asked else []
    listed = [(display.value_text(paper.name, paper.name_en), paper) for paper in papers]
    return [*wanted, *listed, *[("", None)] * MORE_LINES]
