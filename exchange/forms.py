"""What administrators fill in to connect another system."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StaffPost
from accounts.posts import posts_held
from core.fields import IntegerField
from exchange.models import ON_BEHALF
from exchange.systems import LONGEST_DAYS, SCOPES

_SAID = {
    "catalogue": _("Đọc danh mục thủ tục"),
    "dossiers:read": _("Đọc hồ sơ mà vị trí được thấy"),
    "dossiers:file": _("Nộp hồ sơ thay người dân"),
    "dossiers:act": _("Thực hiện thao tác trên hồ sơ"),
    "webhooks": _("Nhận tin về hồ sơ (webhook)"),
    "statistics": _("Đọc số liệu thống kê cả tỉnh, không có dữ liệu cá nhân"),
    ON_BEHALF: _("Làm thay một vị trí"),
}


def post_named(text: str) -> StaffPost | None:
    """The post of a sign-in name, with the agency's code where that person holds several; None for no text.

    Raises ValidationError.
    """
    words = text.split()
    if not words:
        return None
    named = StaffPost.objects.filter(account__username=words[0].lower())
    if len(words) > 1:
        named = named.filter(agency__code__iexact=words[1])
    found = list(posts_held(named, on=timezone.localdate())[:2])
    if not found:
        raise forms.ValidationError(_("Không có vị trí còn hiệu lực của người này. Hãy xem trang cán bộ và vị trí."))
    if len(found) > 1:
        raise forms.ValidationError(_("Người này giữ nhiều vị trí. Hãy ghi thêm mã cơ quan sau tên đăng nhập."))
    return found[0]


class SystemForm(forms.Form):
    name = forms.CharField(
        label=_("Tên hệ thống"),
        help_text=_("Lịch sử hồ sơ ghi tên này. Tên đã có thì cấp mã mới, mã cũ hết hiệu lực ngay."),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Được làm gì"),
        choices=[(scope, _SAID.get(scope, scope)) for scope in SCOPES if scope != ON_BEHALF],
        widget=forms.CheckboxSelectMultiple,
    )
    post = forms.CharField(
        label=_("Tên đăng nhập của cán bộ mà hệ thống làm thay"),
        help_text=_(
            "Để trống khi hệ thống làm việc của chính nó. Người giữ nhiều vị trí: thêm mã cơ quan, "
            "ví dụ chuyenvien.tuphap H05.160. Làm thay lãnh đạo thì phải có quản trị viên thứ hai xác nhận."
        ),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    days = IntegerField(label=_("Mã dùng được bao nhiêu ngày"), min_value=1, max_value=LONGEST_DAYS, initial=365)

    def clean_post(self) -> StaffPost | None:
        return post_named(self.cleaned_data["post"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("post") is not None:
            given["scopes"] = [*given.get("scopes", []), ON_BEHALF]
        return given
