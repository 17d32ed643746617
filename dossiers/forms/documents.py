"""What a digitised paper says of itself, entered from the paper: of a result only what its dossier does not say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import DateField
from digitization.models import RegisteredDocument
from digitization.proposals import proposed_of
from vietnam.dates import format_date


class RegisteredDocumentForm(forms.Form):
    """`proposed` holds the names of fields whose first value was read from the scan."""

    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Cơ quan phát hành"), max_length=200, required=False)
    issued_on = DateField(label=_("Ngày phát hành"), required=False)
    valid_from = DateField(label=_("Có hiệu lực từ"), required=False)
    valid_to = DateField(
        label=_("Có hiệu lực đến hết ngày"), required=False, help_text=_("Để trống khi giấy tờ không ghi thời hạn.")
    )
    scope = forms.CharField(
        label=_("Phạm vi"),
        max_length=200,
        required=False,
        help_text=_("Nơi và việc mà giấy tờ có giá trị, nếu có ghi."),
    )

    def __init__(self, document: RegisteredDocument, data: Any = None) -> None:
        known = {name: getattr(document, name) for name in self.base_fields}
        scan = getattr(document.file, "scan", None)
        read = proposed_of(scan.facts.get("proposed", {})) if scan is not None else proposed_of({})
        lacking = {
            name: value
            for name in ("number", "issued_on", "valid_to")
            if not known[name] and (value := getattr(read, name))
        }
        super().__init__(data, initial=known | lacking)
        if document.kind == RegisteredDocument.Kind.RESULT:  # its dossier says these, and a correction changes them
            for name in ("number", "issuer", "issued_on"):
                del self.fields[name]
        self.proposed = [name for name in lacking if name in self.fields]
        for name in self.proposed:
            self.fields[name].help_text = _("Đọc từ bản quét, hãy so với giấy tờ.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("valid_from") or said.get("issued_on"), said.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Ngày hết hiệu lực phải từ %(day)s trở đi.") % {"day": format_date(first)})
        return said
