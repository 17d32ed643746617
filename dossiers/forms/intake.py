"""The counter's intake: whom the dossier is for, what was handed in, and how the result goes back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import enterprises, organisations, people
from accounts.actors import Actor
from accounts.models import Enterprise, Person
from accounts.paper_fields import DecisionFields, PaperFields, check_birth_date, document_meant
from agencies.fields import NamedChoiceField
from core.fields import (
    BirthDateField,
    CountryField,
    DecimalField,
    DocumentNumberField,
    IntegerField,
    PersonalNumberField,
    PhoneField,
    TaxNumberField,
)
from core.refusals import Refused
from digitization.fields import UploadField
from digitization.models import StoredFile
from dossiers.filing import intake
from dossiers.forms import fee_facts as fee_fields
from dossiers.forms.filing import communes
from dossiers.lifecycle.lacking import LACKING_GROUNDS
from dossiers.models import FilingGround, ReturnMethod
from procedures import display
from procedures.editions import time_limits
from procedures.editions.forms.rows import Money
from procedures.fees import calculation, inputs
from procedures.models import Channel, Edition, RequiredDocument
from vietnam.dates import BirthDate, InvalidDate, parse_birth_date
from vietnam.documents import IdentityDocument
from vietnam.identity import Fault
from vietnam.text import fold, normalise_name


def card_differences(person: Person, card: Mapping[str, str]) -> list[people.Difference]:
    """Where the scanned card does not fit the record: the intake stops until a counter has put it right."""
    try:
        birth_date: BirthDate | None = parse_birth_date(card.get("birth_date", ""))
    except InvalidDate:
        birth_date = None
    return people.differences(person, full_name=card.get("full_name", ""), birth_date=birth_date)


def other_address(person: Person, card: Mapping[str, str]) -> str:
    """The address on the card where it is another than the recorded one: the clerk decides which holds."""
    address = card.get("address", "")
    return address if address and fold(address) != fold(person.address) else ""


def read_card(text: str) -> dict[str, str]:
    """What the QR code of an identity card says: number|old number|name|ddmmyyyy|sex|address|issued."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) < 6:
        return {"number": text.strip()}
    day = parts[3]
    birth_date = f"{day[:2]}/{day[2:4]}/{day[4:]}" if len(day) == 8 and day.isdecimal() else day
    return {"number": parts[0], "full_name": parts[2], "birth_date": birth_date, "address": parts[5]}


_FACTS = ("full_name", "birth_date", "phone", "email", "address")


class PersonForm(forms.Form):
    """Somebody who is at the counter for the first time."""

    number: forms.Field = PersonalNumberField(label=_("Số định danh cá nhân"))
    full_name = forms.CharField(label=_("Họ và tên"), max_length=150)
    birth_date = BirthDateField(required=False)
    phone = PhoneField(label=_("Điện thoại"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label=_("Thư điện tử"), required=False, max_length=254)
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=300)

    def clean_full_name(self) -> str:
        return normalise_name(self.cleaned_data["full_name"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        check_birth_date(self)
        return given

    def person(self) -> Person:
        """Raises `accounts.people.PersonDiffers` when the number is known under another name or day of birth."""
        facts = {name: self.cleaned_data[name] for name in _FACTS}
        return people.find_or_create_person(self.identity(), **facts)[0]

    def identity(self) -> IdentityDocument:
        return IdentityDocument.meant(self.cleaned_data["number"])


class PaperPersonForm(PaperFields, PersonForm):
    """The same for somebody who shows a passport or a card of old."""

    number = DocumentNumberField(label=_("Số giấy tờ"))
    field_order = ["document", "number", "country", "full_name", "birth_date", "phone", "email", "address"]


class OrganisationForm(DecisionFields, forms.Form):
    """A body without a tax number, from here or abroad."""

    name = forms.CharField(label=_("Tên tổ chức"), max_length=250)
    phone = PhoneField(label=_("Điện thoại"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label=_("Thư điện tử"), required=False, max_length=254)
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=300)

    def enterprise(self, by: Actor, *, another: bool = False) -> Enterprise:
        """Raises `BodyInDoubt` and what else `find_or_create_organisation` raises."""
        facts = {name: self.cleaned_data[name] for name in ("name", "phone", "email", "address")}
        return organisations.find_or_create_organisation(self.decision(), by=by, another=another, **facts)[0]


class EnterpriseForm(forms.Form):
    number = TaxNumberField(label=_("Mã số thuế"))
    name = forms.CharField(label=_("Tên doanh nghiệp"), max_length=250)
    phone = PhoneField(label=_("Điện thoại"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label=_("Thư điện tử"), required=False, max_length=254)
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=300)

    def enterprise(self, by: Actor, *, another: bool = False) -> Enterprise:
        facts = dict(self.cleaned_data)
        return enterprises.find_or_create_enterprise(facts.pop("number"), **facts)[0]


class IntakeForm(forms.Form):
    """The dossier at the counter; one line a paper: originals and copies ticked with their number, and a scan."""

    ground = forms.ChoiceField(label=_("Người nộp"), choices=FilingGround.choices, initial=FilingGround.SELF)
    filer_number = DocumentNumberField(label=_("Số định danh, hộ chiếu người đến nộp"), required=False)
    filer_country = CountryField(label=_("Quốc tịch người đến nộp (nếu dùng hộ chiếu)"), required=False)
    filer_name = forms.CharField(label=_("Họ tên người đến nộp"), required=False, max_length=150)
    ground_note = forms.CharField(label=_("Văn bản ủy quyền"), required=False, max_length=300)
    paper_seen = forms.BooleanField(label=_("Đã xem bản chính văn bản ủy quyền, còn hiệu lực"), required=False)
    content = forms.CharField(
        label=_("Nội dung đề nghị"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    phone = PhoneField(label=_("Điện thoại liên hệ"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    return_method = forms.ChoiceField(label=_("Nhận kết quả"), choices=ReturnMethod.choices)
    return_address = forms.CharField(label=_("Địa chỉ nhận bưu chính"), required=False, max_length=300)
    items = forms.CharField(
        label=_("Giấy tờ cần bổ sung, mỗi dòng một loại"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Để trống thì lấy các giấy tờ chưa đánh dấu."),
    )
    lacking_ground = forms.ChoiceField(
        label=_("Căn cứ tiếp nhận khi còn thiếu giấy tờ"),
        required=False,
        choices=[("", _("Không có: yêu cầu bổ sung")), *LACKING_GROUNDS],
    )
    reason = forms.CharField(label=_("Lý do"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self,
        edition: Edition,
        owner: Person | Enterprise,
        *args: Any,
        waiting: Mapping[int, list[StoredFile]] | None = None,
        **kwargs: Any,
    ) -> None:
        """`waiting`: files sent in parts for this intake, by required document."""
        super().__init__(*args, **kwargs)
        self.edition, self.owner, self.waiting = edition, owner, waiting or {}
        self.lacks = bool((self.data or self.initial).get("lacking_ground"))
        cases = edition.facts.get("cases") or []
        if cases:
            self.fields["case"] = forms.ChoiceField(
                label=_("Trường hợp"), choices=[(c["key"], display.fact_text(c)) for c in cases]
            )
        if "commune" in edition.levels:
            self.fields["territory"] = NamedChoiceField(
                communes(), label=_("Xã, phường giải quyết"), to_field_name="code", empty_label=_("Chọn xã, phường")
            )
        self.case = case_given(edition, str((self.data if self.is_bound else self.initial).get("case", "")))
        self._ask_for_fee()
        if any(time_limits.is_unverified(term) for term in edition.terms.all()) or not edition.terms.all():
            self.fields["limit_days"] = DecimalField(
                label=_("Thời hạn (ngày làm việc)"),
                required=False,
                localize=True,
                min_value=0,
                max_digits=6,
                help_text=_("Thời hạn trong danh mục chờ xác nhận; nhập nếu quyết định công bố ghi khác."),
                widget=forms.TextInput({"class": "govuk-input--width-5"}),
            )
        if isinstance(owner, Enterprise):
            self.fields["filer_number"].required = self.fields["filer_name"].required = True
            self.fields["ground"].initial = FilingGround.REPRESENTATIVE
        self.papers = [paper for paper in edition.documents.all() if paper.case in ("", self.case)]
        for paper in self.papers:
            for kind, wanted in (("originals", paper.originals), ("copies", paper.copies)):
                self.fields[f"has_{kind}_{paper.key}"] = forms.BooleanField(required=False)
                self.fields[f"{kind}_{paper.key}"] = IntegerField(
                    required=False, min_value=1, max_value=99, initial=wanted or 1
                )
            self.fields[f"file_{paper.key}"] = UploadField(label=_("Bản quét"), required=False, multiple=True)

    def _ask_for_fee(self) -> None:
        """What the fee of the chosen case depends on; and the amount itself where the catalogue leaves it open."""
        lines, today = list(self.edition.fee_lines.all()), timezone.localdate()
        self.needed = inputs.needed_inputs(lines, Channel.COUNTER, self.case, today)
        self.fee_facts: dict[str, Any] = {}
        required = self.data.get("act", "receive") == "receive"
        self.fee_names = list(asked := fee_fields.fields_for(self.needed, at_counter=True, required=required))
        self.fields |= asked
        if any(not row.known for row in calculation.lines_in_force(lines, Channel.COUNTER, self.case, today)):
            self.fee_names += ["fee", "fee_ground"]
            self.fields["fee"] = Money(
                label=_("Mức thu (đồng)"),
                required=False,
                help_text=_("Mức thu trong danh mục chờ xác nhận; nhập nếu quyết định công bố ghi rõ."),
            )
            self.fields["fee_ground"] = forms.CharField(label=_("Căn cứ của mức thu"), required=False, max_length=300)

    def lines(self) -> list[dict[str, Any]]:
        """For the page: each paper with its fields."""
        return [
            {
                "paper": paper,
                "name": display.value_text(paper.name, paper.name_en),
                "when": display.value_text(paper.when, paper.when_en),
                "reason": display.why_not_demanded(paper),
                "counts": [
                    {"kind": kind, "has": self[f"has_{kind}_{paper.key}"], "number": self[f"{kind}_{paper.key}"]}
                    for kind in ("originals", "copies")
                ],
                "file": self[f"file_{paper.key}"],
            }
            for paper in self.papers
        ]

    def asked(self) -> list[forms.BoundField]:
        """What stands beside the checklist for everybody."""
        names = ("content", "phone", "return_method", "limit_days", *(("lacking_ground",) if self.lacks else ()))
        return [self[name] for name in names if name in self.fields]

    def first_asked(self) -> list[forms.BoundField]:
        """What decides who settles and what the fee depends on."""
        return [self[name] for name in ("case", "territory") if name in self.fields]

    def fee_asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fee_names]

    def on_behalf(self) -> list[forms.BoundField]:
        filer = ("filer_number", "filer_country", "filer_name")
        return [self[n] for n in ("ground", *filer, "ground_note", "paper_seen", "return_address")]

    def on_behalf_open(self) -> bool:
        typed = any(self.initial.get(name) for name in ("filer_number", "filer_name", "ground_note"))
        return isinstance(self.owner, Enterprise) or typed or any(field.errors for field in self.on_behalf())

    def not_taken_open(self) -> bool:
        typed = self.initial.get("items") or self.initial.get("reason")
        return bool(typed or self["items"].errors or self["reason"].errors)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("return_method") == ReturnMethod.POST and not (given.get("return_address") or self.owner.address):
            self.add_error("return_address", _("Hãy nhập địa chỉ nhận qua bưu chính."))
        if given.get("ground") != FilingGround.SELF or isinstance(self.owner, Enterprise):
            self._check_filer(given)
        self._check_fee(given)
        self._check_act(given)
        return given

    def _check_fee(self, given: dict[str, Any]) -> None:
        """Whoever is sent away or asked for papers need not have said everything that the fee depends on."""
        judged = inputs.validate_inputs(self.needed, fee_fields.given_inputs(self.needed, given))
        self.fee_facts = judged.facts
        if self.data.get("act", "receive") == "receive":
            fee_fields.add_mistakes(self, judged)

    def _check_filer(self, given: dict[str, Any]) -> None:
        if not given.get("filer_number") and "filer_number" not in self.errors:
            self.add_error("filer_number", PersonalNumberField.faults[Fault.LENGTH])
        given["filer_paper"] = document_meant(self, "filer_number", "filer_country")
        if not given.get("filer_name"):
            self.add_error("filer_name", _("Hãy nhập họ tên người đến nộp."))
        if given.get("ground") == FilingGround.AUTHORISED:
            if not given.get("ground_note"):
                self.add_error("ground_note", _("Hãy ghi số, ngày của văn bản ủy quyền đã kiểm tra."))
            if not given.get("paper_seen"):
                self.add_error("paper_seen", _("Hãy xem bản chính văn bản ủy quyền rồi đánh dấu."))
        if given.get("ground") == FilingGround.SELF:
            self.add_error("ground", _("Hãy chọn căn cứ: người đại diện hoặc người được ủy quyền."))

    def _check_act(self, given: dict[str, Any]) -> None:
        """A complete dossier is received; one that is not is answered with what it lacks, or why it is refused."""
        brought = {paper.key for paper in self.papers if self._brought(paper, given)}
        lacking = [paper.local_name for paper in intake.lacking_papers(self.edition, self.case, brought)]
        act = self.data.get("act", "receive")
        if act == "receive" and lacking and not given.get("lacking_ground"):
            sentence = _("Chưa đánh dấu: %s. Hãy đánh dấu giấy tờ đã nhận, chọn căn cứ, hoặc yêu cầu bổ sung.")
            self.lacks = True
            self.add_error(None, sentence % "; ".join(lacking))
        if act == "ask_completion":
            wanted = [line.strip() for line in given.get("items", "").splitlines() if line.strip()] or lacking
            given["items"] = [{"name": name} for name in wanted]
            if not wanted:
                self.add_error("items", _("Hãy ghi giấy tờ cần bổ sung."))
        if act in ("ask_completion", "refuse") and not given.get("reason", "").strip():
            self.add_error("reason", _("Hãy ghi lý do."))

    def _brought(self, paper: RequiredDocument, given: dict[str, Any]) -> bool:
        parts = ("has_originals", "has_copies", "file")
        return paper.pk in self.waiting or any(given.get(f"{part}_{paper.key}") for part in parts)

    def filer(self) -> Person:
        if isinstance(self.owner, Person) and self.cleaned_data["ground"] == FilingGround.SELF:
            return self.owner
        given = self.cleaned_data
        try:
            return people.find_or_create_person(given["filer_paper"], full_name=normalise_name(given["filer_name"]))[0]
        except people.PersonDiffers as unlike:
            raise Refused("person_differs", unlike.sentence, field="filer_name") from unlike

    def ticked(self) -> list[intake.Ticked]:
        given = self.cleaned_data
        found = []
        for paper in self.papers:
            originals, copies = (
                int(given.get(f"{kind}_{paper.key}") or 1) if given.get(f"has_{kind}_{paper.key}") else 0
                for kind in ("originals", "copies")
            )
            files = tuple(self.waiting.get(paper.pk, ()))
            if originals or copies or files or given.get(f"file_{paper.key}"):
                found.append(intake.Ticked(paper, originals, copies, files=files))
        return found


def case_given(edition: Edition, key: str) -> str:
    """The case that was chosen, else the first one, which stands chosen on the page."""
    known = [case["key"] for case in edition.facts.get("cases") or []]
    return key if key in known else next(iter(known), "")
