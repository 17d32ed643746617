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
    post = IntegerField(
        label=_("Số của vị trí mà hệ thống làm thay"),
        help_text=_("Để trống khi hệ thống làm việc của chính nó. Số ở cuối địa chỉ trang của vị trí."),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
    )
    days = IntegerField(label=_("Mã dùng được bao nhiêu ngày"), min_value=1, max_value=LONGEST_DAYS, initial=365)

    def clean_post(self) -> StaffPost | None:
        number = self.cleaned_data["post"]
        if not number:
            return None
        found = posts_held(StaffPost.objects.filter(pk=number), on=timezone.localdate()).first()
        if found is None:
            raise forms.ValidationError(_("Không có vị trí còn hiệu lực mang số này. Hãy xem trang cán bộ và vị trí."))
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("post") is not None:
            given["scopes"] = [*given.get("scopes", []), ON_BEHALF]
        return given
