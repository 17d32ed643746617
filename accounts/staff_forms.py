"""What administrators fill in: posts, agencies' facts, calendar days."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.administration import administered_agencies, roles_to_give
from accounts.backends import login_name
from accounts.models import Account, StaffPost
from accounts.models.accounts import is_somebodys_number
from agencies.fields import NamedChoiceField
from agencies.models import Agency, CalendarDay, Desk
from core.fields import DateField, PhoneField
from vietnam.codes import InvalidCode, parse_agency_code
from vietnam.text import normalise_name

Role = StaffPost.Role
_USERNAME = forms.RegexField(
    regex=r"^[a-z0-9][a-z0-9._-]{2,60}$",
    label=_("Tên đăng nhập"),
    help_text=_("Chữ không dấu, chữ số, dấu chấm; ví dụ an.nguyen."),
    error_messages={"invalid": _("Tên đăng nhập chỉ gồm chữ không dấu, chữ số, dấu chấm, từ 3 ký tự trở lên.")},
    widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "none", "autocomplete": "off"}),
)


def _title() -> forms.CharField:
    return forms.CharField(
        label=_("Chức danh"),
        help_text=_("Như quyết định bổ nhiệm, ví dụ Phó Chủ tịch. Lãnh đạo và trưởng phòng phải có để ký giấy tờ."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class _UnitField(forms.CharField):
    def clean(self, value: Any) -> str:
        return normalise_name(super().clean(value))


def _unit() -> forms.CharField:
    return _UnitField(
        label=_("Phòng, bộ phận"),
        help_text=_("Báo cáo của lãnh đạo xếp theo đó, nên ghi giống nhau cho mọi người của phòng. Có thể để trống."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _agency() -> NamedChoiceField:
    return NamedChoiceField(label=_("Cơ quan"), queryset=Agency.objects.none(), empty_label=_("Chọn cơ quan"))


def _desk() -> NamedChoiceField:
    return NamedChoiceField(
        label=_("Quầy"),
        help_text=_("Chỉ dành cho cán bộ một cửa; để trống khi cơ quan có một quầy."),
        queryset=Desk.objects.none(),
        required=False,
        empty_label=_("Không gắn quầy"),
    )


def _phone() -> PhoneField:
    return PhoneField(
        label=_("Điện thoại để người nộp hỏi"),
        help_text=_("In trên phiếu yêu cầu bổ sung; để trống thì in số của cơ quan."),
        required=False,
    )


class PostForm(forms.Form):
    username = _USERNAME
    full_name = forms.CharField(
        label=_("Họ và tên"),
        help_text=_("Chỉ cần khi tên đăng nhập chưa có; tài khoản mới sẽ được mở."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    agency = _agency()
    role = forms.ChoiceField(label=_("Vai trò"), choices=[("", _("Chọn vai trò")), *Role.choices])
    desk = _desk()
    title = _title()
    unit = _unit()
    phone = _phone()
    valid_from = DateField(label=_("Giữ vị trí từ ngày"), initial=timezone.localdate)
    valid_to = DateField(label=_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        agencies, given = administered_agencies(by), roles_to_give(by)
        self.fields["agency"].queryset = agencies & Agency.objects.valid()
        self.fields["desk"].queryset = Desk.objects.filter(open=True, agency__in=agencies.values("pk"))
        self.fields["role"].choices = [("", _("Chọn vai trò")), *(c for c in Role.choices if c[0] in given)]

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].lower()
        if is_somebodys_number(username):  # before anything is looked up: whether a citizen has an account is nobody's
            raise forms.ValidationError(
                _("Tên đăng nhập dùng cho công việc không phải là số giấy tờ. Hãy đặt tên khác, ví dụ an.nguyen.")
            )
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = with_only_desk(super().clean() or self.cleaned_data)
        cleaned["full_name"] = normalise_name(cleaned.get("full_name", ""))
        username = cleaned.get("username")
        if username:
            self.account = Account.objects.filter(username=username).first()
            if self.account is None and not cleaned["full_name"]:
                self.add_error("full_name", _("Chưa có tài khoản này. Hãy nhập họ và tên để mở tài khoản mới."))
        return cleaned


class MoveForm(forms.Form):
    """Where whoever holds a post goes on from a day on."""

    agency = _agency()
    role = forms.ChoiceField(label=_("Vai trò"), choices=StaffPost.Role.choices)
    desk = _desk()
    title = _title()
    unit = _unit()
    phone = _phone()
    first_day = DateField(label=_("Giữ vị trí mới từ ngày"), help_text=_("Vị trí cũ còn đến hết ngày hôm trước."))

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        agencies, given = administered_agencies(by), roles_to_give(by)
        self.fields["agency"].queryset = agencies & Agency.objects.valid()
        self.fields["desk"].queryset = Desk.objects.filter(open=True, agency__in=agencies.values("pk"))
        self.fields["role"].choices = [choice for choice in Role.choices if choice[0] in given]

    def clean(self) -> dict[str, Any]:
        return with_only_desk(super().clean() or self.cleaned_data)


def with_only_desk(cleaned: dict[str, Any]) -> dict[str, Any]:
    """A counter's post at an agency with one desk is at that desk."""
    agency, desk = cleaned.get("agency"), cleaned.get("desk")
    if cleaned.get("role") == StaffPost.Role.COUNTER and agency and desk is None:
        desks = list(agency.desks.filter(open=True)[:2])
        if len(desks) == 1:
            cleaned["desk"] = desks[0]
    return cleaned


class PostDetailsForm(forms.Form):
    title = _title()
    unit = _unit()
    phone = _phone()


class EndForm(forms.Form):
    last_day = DateField(label=_("Ngày cuối giữ vị trí"), help_text=_("Quyền của vị trí còn đến hết ngày này."))


class DelegateForm(forms.Form):
    to = forms.CharField(
        label=_("Tên đăng nhập của người được ủy quyền"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "none"}),
    )
    valid_from = DateField(label=_("Từ ngày"), initial=timezone.localdate)
    valid_to = DateField(label=_("Đến hết ngày"))

    def clean_to(self) -> Account:
        account = Account.objects.filter(username=login_name(self.cleaned_data["to"]), posts__isnull=False).first()
        if account is None:
            raise forms.ValidationError(_("Không có cán bộ nào dùng tên đăng nhập này. Hãy xem lại trong danh sách."))
        return account


class AgencyForm(forms.ModelForm):
    class Meta:
        model = Agency
        fields = ["code", "code_confirmed", "short_name", "phone", "email", "address"]
        labels = {
            "code": _("Mã định danh"),
            "code_confirmed": _("Mã này đã đối chiếu với quyết định của tỉnh"),
            "short_name": _("Tên viết tắt"),
            "phone": _("Điện thoại"),
            "email": _("Thư điện tử"),
            "address": _("Địa chỉ"),
        }

    def clean_code(self) -> str:
        return free_code(self.cleaned_data["code"], self.instance.pk)


def free_code(given: str, pk: int | None) -> str:
    """An agency's identification code that no other one has today. Raises ValidationError."""
    try:
        code = parse_agency_code(given)
    except InvalidCode:
        raise forms.ValidationError(_("Mã định danh viết như H05.160: các nhóm cách nhau bằng dấu chấm."))
    if Agency.objects.valid().filter(code=code).exclude(pk=pk).exists():
        raise forms.ValidationError(_("Mã này đang là của một cơ quan khác. Hãy kiểm tra lại."))
    return str(code)


class CalendarDayForm(forms.Form):
    date = DateField(label=_("Ngày"))
    kind = forms.ChoiceField(label=_("Ngày này"), choices=CalendarDay.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Tên hoặc lý do"), max_length=160)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=160, required=False)
    document = forms.CharField(
        label=_("Văn bản quyết định"),
        help_text=_("Số, ký hiệu và ngày, ví dụ Công văn số 12729/VPCP-KGVX ngày 25/12/2025."),
        max_length=160,
    )
