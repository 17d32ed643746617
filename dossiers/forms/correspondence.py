"""What people fill in to write about a dossier or a desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import CarriedText, DateField, PhoneField
from digitization.fields import UploadField
from dossiers.correspondence.messages import LONGEST
from dossiers.models import Feedback


class _WithFiles(forms.Form):
    key = CarriedText(max_length=40, required=False)
    text = forms.CharField(label=_("Nội dung"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = UploadField(label=_("Tệp kèm theo"), multiple=True, required=False)


class MessageForm(_WithFiles):
    answer_by = DateField(
        label=_("Cần trả lời chậm nhất ngày"),
        required=False,
        help_text=_("Người nộp thấy ngày này; thời hạn giải quyết hồ sơ không đổi."),
    )
    field_order = ["key", "text", "answer_by", "attachments"]

    def __init__(self, *args: Any, as_applicant: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = _("Tin nhắn của bạn")
        if as_applicant:
            del self.fields["answer_by"]


class FeedbackForm(_WithFiles):
    kind = forms.ChoiceField(
        label=_("Bạn muốn gửi"), choices=Feedback.Kind.choices, widget=forms.RadioSelect, initial="complaint"
    )
    author = forms.CharField(
        label=_("Họ và tên của bạn"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Thư điện tử nhận câu trả lời"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneField(required=False)
    field_order = ["key", "kind", "text", "attachments", "author", "email", "phone"]

    def __init__(self, *args: Any, signed_in: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = _("Việc gì, ở đâu, khi nào; bạn mong được giải quyết thế nào.")
        if signed_in:
            for name in ("author", "email", "phone"):
                del self.fields[name]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Câu trả lời gửi người viết"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8})
    )
