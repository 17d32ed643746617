"""A form field for uploads: judged by content like every other way in, with the one sentence about limits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File

from digitization import kinds, uploads


class UploadInput(forms.FileInput):
    """One file, or several with `multiple`; the chooser offers only what is taken."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, multiple: bool = False) -> None:
        # Said in either case: Django sets `multiple` by itself where several are allowed, and a second file was lost.
        super().__init__({"accept": kinds.ACCEPT, "multiple": multiple, **(attrs or {})})
        self.multiple = multiple

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if self.multiple else files.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class UploadField(forms.FileField):
    """Cleans to a file that `uploads.store_file` takes, or with ``multiple=True`` to a list of them."""

    def __init__(self, *, multiple: bool = False, **options: Any) -> None:
        self.multiple = multiple
        options.setdefault("widget", UploadInput(multiple=multiple))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not self.multiple:
            return super().clean(data, initial)
        files = [f for f in data or [] if f]
        if not files:
            one = super().clean(None, initial)
            return [one] if one else []
        found, problems = [], []
        for file in files:
            try:
                found.append(super().clean(file))
            except ValidationError as problem:
                problems += [
                    ValidationError("%(file)s: %(said)s", problem.code, {"file": file.name, "said": said})
                    for said in problem.messages
                ]
        if problems:
            raise ValidationError(problems)
        return found

    def to_python(self, data: Any) -> File | None:
        if data in self.empty_values:
            return None
        try:
            uploads.examine_file(data)
        except uploads.UploadRefused as refused:
            raise ValidationError(str(refused.sentence), refused.code) from refused
        return data
