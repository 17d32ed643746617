"""The counter's intake: whom the dossier is for, what was handed in, and how the result goes back."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import enterprises, people
from accounts.models import Enterprise, Person
from digitization.fields import UploadField
from dossiers import intake
from dossiers.forms.filing import communes
from dossiers.models import FilingGround, ReturnMethod
from procedures.models import Edition
from vietnam.dates import parse_date
from vietnam.identity import InvalidNumber, PersonalNumber, TaxNumber
from vietnam.text import normalise_name


def read_card(text: str) -> dict[str, str]:
    """What the QR code of an identity card says: number|old number|name|ddmmyyyy|sex|address|issued."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) < 6:
        return {"number": text.strip()}
    return {"number": parts[0], "full_name": parts[2], "birth_date": parts[3], "address": parts[5]}


class PersonForm(forms.Form):
    """Somebody who is at the counter for the first time."""

    number = forms.CharField(label=_("Số định danh cá nhân"), max_length=20)
    full_name = forms.CharField(label=_("Họ và tên"), max_length=150)
    birth_date = forms.CharField(
        label=_("Ngày sinh"), required=False, max_length=20, help_text=_("Ví dụ 22/11/1990"),
        widget=forms.TextInput({"class": "govuk-input--width-10"}),
    )  # fmt: skip
    phone = forms.CharField(label=_("Điện thoại"), required=False, max_length=20)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=300)

    def clean_number(self) -> str:
        try:
            return str(PersonalNumber.parse(self.cleaned_data["number"]))
        except InvalidNumber:
            raise forms.ValidationError(_("Số định danh gồm 12 chữ số. Hãy xem lại số trên căn cước.")) from None

    def clean_full_name(self) -> str:
        return normalise_name(self.cleaned_data["full_name"])

    def clean_birth_date(self) -> Any:
        text = self.cleaned_data["birth_date"]
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError:
            raise forms.ValidationError(_("Hãy nhập ngày sinh dạng ngày/tháng/năm, ví dụ 22/11/1990.")) from None

    def person(self) -> Person:
        facts = dict(self.cleaned_data)
        return people.find_or_create_person(facts.pop("number"), **facts)[0]


class EnterpriseForm(forms.Form):
    number = forms.CharField(label=_("Mã số thuế"), max_length=20)
    name = forms.CharField(label=_("Tên doanh nghiệp"), max_length=250)
    phone = forms.CharField(label=_("Điện thoại"), required=False, max_length=20)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=300)

    def clean_number(self) -> str:
        try:
            return str(TaxNumber.parse(self.cleaned_data["number"]))
        except InvalidNumber:
            raise forms.ValidationError(_("Mã số thuế không đúng. Hãy xem lại từng chữ số.")) from None

    def enterprise(self) -> Enterprise:
        facts = dict(self.cleaned_data)
        return enterprises.find_or_create_enterprise(facts.pop("number"), **facts)[0]


class IntakeForm(forms.Form):
    """The dossier at the counter; one line a paper: originals, copies, scan."""

    content = forms.CharField(
        label=_("Nội dung đề nghị"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    ground = forms.ChoiceField(label=_("Người nộp"), choices=FilingGround.choices, initial=FilingGround.SELF)
    filer_number = forms.CharField(label=_("Số định danh người đến nộp (nếu nộp thay)"), required=False, max_length=20)
    filer_name = forms.CharField(label=_("Họ tên người đến nộp"), required=False, max_length=150)
    ground_note = forms.CharField(label=_("Văn bản ủy quyền"), required=False, max_length=300)
    phone = forms.CharField(label=_("Điện thoại liên hệ"), required=False, max_length=20)
    return_method = forms.ChoiceField(label=_("Nhận kết quả"), choices=ReturnMethod.choices)
    return_address = forms.CharField(label=_("Địa chỉ nhận bưu chính"), required=False, max_length=300)
    limit_days = forms.DecimalField(
        label=_("Thời hạn (ngày làm việc)"),
        required=False,
        localize=True,
        min_value=0,
        max_digits=6,
        help_text=_("Chỉ nhập khi danh mục còn chờ xác nhận."),
        widget=forms.TextInput({"class": "govuk-input--width-5"}),
    )

    def __init__(self, edition: Edition, owner: Person | Enterprise, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.owner = edition, owner
        cases = edition.facts.get("cases") or []
        if cases:
            name = "name_en" if get_language() == "en" else "name"
            self.fields["case"] = forms.ChoiceField(
                label=_("Trường hợp"), choices=[(c["key"], c.get(name) or c["name"]) for c in cases]
            )
        if "commune" in edition.levels:
            self.fields["territory"] = forms.ModelChoiceField(
                communes(), label=_("Xã, phường giải quyết"), to_field_name="code", empty_label=_("Chọn xã, phường")
            )
        if isinstance(owner, Enterprise):
            self.fields["filer_number"].required = self.fields["filer_name"].required = True
            self.fields["ground"].initial = FilingGround.REPRESENTATIVE
        self.papers = list(edition.documents.all())
        for paper in self.papers:
            self.fields[f"originals_{paper.key}"] = _count_field(_("Bản chính"))
            self.fields[f"copies_{paper.key}"] = _count_field(_("Bản sao"))
            self.fields[f"file_{paper.key}"] = UploadField(label=_("Bản quét"), required=False)

    def lines(self) -> list[dict[str, Any]]:
        """For the page: each paper with its three fields."""
        english = get_language() == "en"
        return [
            {
                "paper": paper,
                "name": (english and paper.name_en) or paper.name,
                "originals": self[f"originals_{paper.key}"],
                "copies": self[f"copies_{paper.key}"],
                "file": self[f"file_{paper.key}"],
            }
            for paper in self.papers
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("ground") == FilingGround.SELF and not isinstance(self.owner, Enterprise):
            return given
        try:
            given["filer_number"] = str(PersonalNumber.parse(given.get("filer_number", "")))
        except InvalidNumber:
            self.add_error("filer_number", _("Số định danh gồm 12 chữ số. Hãy xem lại số trên căn cước."))
        if not given.get("filer_name"):
            self.add_error("filer_name", _("Hãy nhập họ tên người đến nộp."))
        if given.get("ground") == FilingGround.SELF:
            self.add_error("ground", _("Hãy chọn căn cứ: người đại diện hoặc người được ủy quyền."))
        if given.get("return_method") == ReturnMethod.POST and not (given.get("return_address") or self.owner.address):
            self.add_error("return_address", _("Hãy nhập địa chỉ nhận qua bưu chính."))
        return given

    def filer(self) -> Person:
        if isinstance(self.owner, Person) and self.cleaned_data["ground"] == FilingGround.SELF:
            return self.owner
        given = self.cleaned_data
        return people.find_or_create_person(given["filer_number"], full_name=normalise_name(given["filer_name"]))[0]

    def ticked(self) -> list[intake.Ticked]:
        given = self.cleaned_data
        return [
            intake.Ticked(paper, given.get(f"originals_{paper.key}") or 0, given.get(f"copies_{paper.key}") or 0)
            for paper in self.papers
            if given.get(f"originals_{paper.key}") or given.get(f"copies_{paper.key}") or given.get(f"file_{paper.key}")
        ]


def _count_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=99,
        widget=forms.TextInput({"class": "govuk-input--width-2"}),
    )
