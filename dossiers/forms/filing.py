"""The question pages of an online filing, made from the procedure's edition."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import enterprises
from accounts.authorisations import usable_authorisations
from accounts.models import Authorisation, Enterprise, Person
from accounts.paper_fields import document_meant
from agencies.fields import DeskChoiceField, NamedChoiceField
from agencies.models import Desk, Territory
from core.fields import CountryField, DocumentNumberField, PhoneField
from digitization.fields import UploadField
from dossiers.filing import declaration
from dossiers.models import Dossier, FilingGround, ReturnMethod
from vietnam.documents import IdentityDocument


class RevealingForm(forms.Form):
    """A form whose first question decides which others are asked; without scripts all of them are shown."""

    decides = ""
    reveals: dict[str, tuple[str, ...]] = {}
    # Of what is revealed, what may stay empty, by itself or because another answer may stand for it.
    optional: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            for name in self.revealed():
                self.fields[name].required = name not in self.optional
            return
        chosen = self.data.get(self.add_prefix(self.decides))
        given: Any = self.data.copy()
        for name, value in self.revealed().items():
            self.fields[name].required = chosen == value and name not in self.optional
            if chosen != value:
                given[self.add_prefix(name)] = ""  # what is hidden decides nothing
        self.data = given

    @classmethod
    def revealed(cls) -> dict[str, str]:
        """Each field that a choice reveals, by name, with that choice."""
        return {name: value for value, names in cls.reveals.items() for name in names}

    def options(self) -> list[dict[str, Any]]:
        """The choices of the first question, each with the fields that it reveals."""
        question = self[self.decides]
        return [
            {"widget": widget, "fields": [self[name] for name in self.reveals.get(widget.data["value"], ())]}
            for widget in question.subwidgets
        ]

    def question(self) -> forms.BoundField:
        return self[self.decides]

    def others(self) -> list[forms.BoundField]:
        """What is asked of everybody."""
        hidden = {self.decides, *self.revealed()}
        return [field for field in self if field.name not in hidden]


class ApplicantForm(RevealingForm):
    """Who the dossier belongs to, on what ground the signed-in person files it, and how to reach them."""

    decides = "ground"
    reveals = {
        "representative": ("enterprise",),
        "authorised": ("authorisation", "owner_number", "owner_country", "owner_name", "note"),
    }
    ground = forms.ChoiceField(label=_("Bạn nộp hồ sơ cho ai?"), choices=FilingGround.choices, widget=forms.RadioSelect)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=_("Doanh nghiệp bạn đại diện"),
        required=False,
        empty_label=_("Chọn doanh nghiệp"),
    )
    authorisation = forms.ModelChoiceField(
        Authorisation.objects.none(),
        label=_("Ủy quyền đã được quầy xác nhận"),
        required=False,
        empty_label=_("Không, tôi có văn bản mới"),
    )
    owner_number = DocumentNumberField(
        label=_("Số định danh của người ủy quyền"),
        required=False,
        help_text=_("12 chữ số trên căn cước, hoặc số hộ chiếu."),
    )
    owner_country = CountryField(
        label=_("Quốc tịch của người ủy quyền"), required=False, help_text=_("Chỉ chọn khi dùng hộ chiếu.")
    )
    owner_name = forms.CharField(label=_("Họ và tên người ủy quyền"), required=False, max_length=150)
    note = forms.CharField(
        label=_("Văn bản ủy quyền"),
        required=False,
        max_length=300,
        help_text=_("Số, ngày văn bản và nơi chứng thực. Trang sau hỏi bản chụp; quầy kiểm tra trước khi tiếp nhận."),
    )
    phone = PhoneField(label=_("Số điện thoại liên hệ"))
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        max_length=254,
        help_text=_("Chúng tôi báo tin và gửi mã PIN vào đây."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    address = forms.CharField(
        label=_("Địa chỉ liên hệ"), max_length=300, widget=forms.TextInput({"autocomplete": "street-address"})
    )

    def __init__(self, person: Person, *args: Any, procedure_code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        held = usable_authorisations(person, procedure_code=procedure_code, on=timezone.localdate())
        held_field: Any = self.fields["authorisation"]
        held_field.queryset, held_field.required = held, False
        self.fields["owner_country"].required = False
        self.optional = frozenset({"authorisation", "owner_country"})
        if self.is_bound and self.data.get(self.add_prefix("authorisation")):
            for name in ("owner_number", "owner_name", "note"):
                self.fields[name].required = False
        if held.exists():
            self.optional |= {"owner_number", "owner_name", "note"}
        else:
            self.fields["authorisation"].widget = forms.HiddenInput()
        mine = enterprises.representations(person, on=timezone.localdate()).values("enterprise")
        field: Any = self.fields["enterprise"]
        field.queryset = Enterprise.objects.filter(pk__in=mine)

    def owner(self) -> Person | Enterprise | None:
        """None when somebody else authorised the filing: a typed number is joined to nobody."""
        given = self.cleaned_data
        if given["ground"] == FilingGround.REPRESENTATIVE:
            return given["enterprise"]
        return None if given["ground"] == FilingGround.AUTHORISED else self.person

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["owner_paper"] = document_meant(self, "owner_number", "owner_country")
        return given

    def authorised_by(self) -> tuple[str, str]:
        """The key of the paper of whoever authorised the filing, and their name; empty when nobody did."""
        paper: IdentityDocument | None = self.cleaned_data.get("owner_paper")
        return paper.key if paper else "", self.cleaned_data.get("owner_name", "")


class RequestForm(forms.Form):
    """What is asked for, in which case, and where it is settled."""

    content = forms.CharField(
        label=_("Bạn đề nghị việc gì?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Một hai câu, ví dụ: đăng ký khai sinh cho con Nguyễn Văn An, sinh ngày 02/11/2026."),
    )

    def __init__(self, dossier: Dossier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if declaration.writes_content(dossier):
            del self.fields["content"]
        cases = dossier.edition.facts.get("cases") or []
        if cases:
            name = "name_en" if get_language() == "en" else "name"
            self.fields["case"] = forms.ChoiceField(
                label=_("Trường hợp của bạn"),
                choices=[(c["key"], c.get(name) or c["name"]) for c in cases],
                widget=forms.RadioSelect,
            )
        if "commune" in dossier.edition.levels:
            self.fields["territory"] = NamedChoiceField(
                communes(),
                label=_("Xã, phường giải quyết"),
                to_field_name="code",
                empty_label=_("Chọn xã, phường"),
                help_text=_("Thường là nơi bạn cư trú hoặc nơi có đất, nhà, cơ sở kinh doanh."),
            )


def communes() -> QuerySet[Territory]:
    return Territory.objects.filter(
        kind__in=(Territory.Kind.WARD, Territory.Kind.COMMUNE), valid_to__isnull=True
    ).order_by("sort_key")


class ReturnForm(RevealingForm):
    """How the result comes to the applicant."""

    decides = "method"
    reveals = {"counter": ("desk",), "post": ("address",)}
    method = forms.ChoiceField(
        label=_("Bạn muốn nhận kết quả thế nào?"), choices=ReturnMethod.choices, widget=forms.RadioSelect
    )
    desk = DeskChoiceField(
        Desk.objects.none(), label=_("Nơi nhận kết quả"), required=False, empty_label=_("Chọn nơi nhận")
    )
    address = forms.CharField(label=_("Địa chỉ nhận qua bưu chính"), required=False, max_length=300)

    def __init__(self, dossier: Dossier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["desk"]
        field.queryset = Desk.objects.filter(open=True, agency__valid_to__isnull=True).order_by(
            "territory__sort_key", "agency__sort_key", "number"
        )


class DocumentForm(forms.Form):
    """Files for one line of the checklist."""

    file = UploadField(label=_("Chọn tệp"), required=False, multiple=True)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["file"].label = label


class AuthorisationPaperForm(forms.Form):
    """The paper by which the filer acts for another."""

    file = UploadField(label=_("Bản chụp hoặc bản quét văn bản ủy quyền"), required=False, multiple=True)
    later = forms.BooleanField(label=_("Tôi mang bản giấy đến quầy"), required=False)


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("Bạn có hài lòng không?"),
        coerce=int,
        choices=[
            (5, _("Rất hài lòng")),
            (4, _("Hài lòng")),
            (3, _("Bình thường")),
            (2, _("Không hài lòng")),
            (1, _("Rất không hài lòng")),
        ],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Bạn muốn nói thêm điều gì?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("Mã PIN gồm 6 chữ số"),
        max_length=40,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}
        ),
    )
