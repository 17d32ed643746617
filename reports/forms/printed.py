"""An official form as one version of its wording prints it: columns by their place, checks in those numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from reports.forms.definitions import OfficialForm
from reports.forms.wording import FIRST_COLUMN, FormWording, bundled_wording, needed_measures
from reports.indicators import MEASURES
from reports.models import KeptForm


@dataclass(frozen=True)
class PrintedColumn:
    """`number` is its place on the sheet; its figures stand under `key` in a form's content, wherever it is printed."""

    number: int
    key: str
    head: str
    measure: str


@dataclass(frozen=True)
class PrintedForm:
    """`version` of the wording; 0 is the one that the product brings along."""

    form: OfficialForm
    wording: FormWording
    version: int = 0

    @cached_property
    def columns(self) -> tuple[PrintedColumn, ...]:
        """Those of the wording; of an older one without what a release counts no more, and with what its checks need
        since."""
        keys = {column.measure: (str(column.number), column.head) for column in self.form.columns}
        worded = [(one.measure, one.head) for one in self.wording.columns if one.measure in MEASURES]
        named = {measure for measure, _head in worded}
        worded += [(name, keys[name][1]) for name in needed_measures(self.form) if name not in named]
        return tuple(
            PrintedColumn(number, keys.get(measure, (measure, ""))[0], head, measure)
            for number, (measure, head) in enumerate(worded, FIRST_COLUMN)
        )

    @property
    def measures(self) -> list[str]:
        return [column.measure for column in self.columns]

    @property
    def local_title(self) -> str:
        """The title in the reader's language, where it is known in it; the sheet itself bears the official one."""
        return gettext(self.wording.title)

    def check_text(self, whole: int, parts: Iterable[int]) -> str:
        """A check of the form's definition in the numbers of the sheet: "3=4+5+6"."""
        places = {column.key: column.number for column in self.columns}
        return f"{places[str(whole)]}={'+'.join(str(places[str(part)]) for part in parts)}"

    def checks(self, content: Mapping[str, Any]) -> dict[str, bool]:
        """Every check of the form by its text, and whether it holds in each row and in the total."""
        return {
            self.check_text(whole, parts): all(
                values[str(whole)] == sum(values[str(part)] for part in parts)
                for values in (*(row["values"] for row in content["rows"]), content["total"])
            )
            for whole, parts in self.form.checks
        }


def official_as_kept(form: OfficialForm, kept: KeptForm) -> str:
    """The number that the form bore when it was closed; its figures are not read."""
    return str(kept.wording["official"]) if kept.wording else form.official


def printed_as_kept(form: OfficialForm, kept: KeptForm) -> PrintedForm:
    """The form in the words that it was closed with; where none were kept, the bundled ones of the columns it had."""
    if kept.wording:
        return PrintedForm(form, FormWording.read_json(kept.wording), kept.template)
    had = {column.measure for column in form.columns if str(column.number) in kept.content["total"]}
    words = bundled_wording(form)
    columns = tuple(column for column in words.columns if column.measure in had)
    return PrintedForm(form, replace(words, columns=columns), kept.template)
