"""What people choose about being told, and what administrators write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import CarriedNumber
from notices import placeholders, wording
from notices.kinds import Kind
from notices.models import CARRIED, OUTSIDE, Channel

_PLACES = ("first", "second", "third")


class ContactForm(forms.Form):
    """Channels outside the portal in the person's order; SMS and Zalo only with their consent."""

    first = forms.ChoiceField(label=_("Báo trước hết bằng"), required=False)
    second = forms.ChoiceField(label=_("Không gửi được thì báo bằng"), required=False)
    third = forms.ChoiceField(label=_("Vẫn không gửi được thì báo bằng"), required=False)
    consent = forms.BooleanField(
        label=_("Tôi đồng ý nhận tin về hồ sơ của mình qua số điện thoại này"),
        help_text=_("Cần khi bạn chọn SMS hoặc Zalo. Bạn bỏ đồng ý lúc nào cũng được, tại trang này."),
        required=False,
    )
    morning_digest = forms.BooleanField(
        label=_("Gộp hồ sơ sắp đến hạn và quá hạn vào một thư mỗi sáng"),
        help_text=_("Thay cho từng thư riêng. Việc khẩn vẫn báo ngay; trên cổng vẫn hiện từng thông báo."),
        required=False,
    )

    def __init__(self, *args: Any, offered: list[str], staff: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(channel.value, channel.label) for channel in OUTSIDE if channel in offered]
        nothing = ("", _("Không báo, chỉ xem trên cổng"))
        for n, place in enumerate(_PLACES):
            if n < len(names):
                self.fields[place].choices = [nothing if n == 0 else ("", _("Không dùng kênh nào nữa")), *names]
            else:
                del self.fields[place]
        if not set(offered) & set(CARRIED):
            del self.fields["consent"]
        if not staff:
            del self.fields["morning_digest"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [cleaned.get(place, "") for place in _PLACES if place in self.fields]
        used = [channel for channel in chosen if channel]
        for n, place in enumerate(_PLACES[: len(chosen)]):
            if chosen[n] and chosen[n] in chosen[:n]:
                self.add_error(place, _("Kênh này đã chọn ở trên. Hãy chọn kênh khác, hoặc để trống."))
            elif chosen[n] and not all(chosen[:n]):
                self.add_error(place, _("Hãy chọn các kênh liền nhau từ trên xuống."))
        if set(used) & set(CARRIED) and not cleaned.get("consent"):
            self.add_error("consent", _("Hãy đánh dấu đồng ý để nhận tin qua SMS hoặc Zalo."))
        if cleaned.get("morning_digest") and Channel.EMAIL not in used:
            self.add_error("morning_digest", _("Thư gộp gửi bằng thư điện tử. Hãy chọn thư điện tử ở trên."))
        cleaned["channels"] = used
        return cleaned


class WordingForm(forms.Form):
    subject = forms.CharField(label=_("Tiêu đề"), max_length=wording.LONGEST_SUBJECT)
    body = forms.CharField(
        label=_("Nội dung"), max_length=wording.LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 12})
    )
    revision = CarriedNumber(min_value=-1)

    def __init__(self, *args: Any, kind: Kind, channel: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.channel = kind, channel
        if channel in CARRIED:
            self.fields["body"].widget.attrs["rows"] = 4
            self.fields["body"].help_text = _("Một dòng, kết thúc bằng {{ link }}.")
        if channel == Channel.SMS:
            # An SMS has no subject; the list of failures shows it.
            self.fields["subject"].widget = forms.HiddenInput()
            self.fields["subject"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("subject", "body"):
            if text := cleaned.get(name):
                try:
                    placeholders.check_placeholders(text, self.kind.placeholders)
                    if name == "body":
                        wording.check_wording(self.kind, self.channel, "", text)
                except placeholders.BadText as problem:
                    self.add_error(name, str(problem.sentence))
        return cleaned
