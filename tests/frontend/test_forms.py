"""Forms in the design system's markup, and what they say about mistakes."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.utils import translation

from tests.frontend.gallery import SampleForm


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {tag} {attrs}"
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> dict[str, str | None]:
        return next(attrs for _, attrs in self.found if attrs.get("name") == name)

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.found if attrs.get("id")]


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def test_every_description_and_label_points_at_something():
    for form in (SampleForm(), SampleForm(data={})):
        page = Elements(str(form))
        ids = page.ids()
        assert len(ids) == len(set(ids))
        for tag, attrs in page.found:
            if tag == "label":
                assert attrs["for"] in ids
            for target in (attrs.get("aria-describedby") or "").split():
                assert target in ids
            if (attrs.get("href") or "").startswith("#"):
                assert attrs["href"][1:] in ids


def test_autocomplete_and_invalid_are_kept_and_browser_sentences_left_out():
    page = Elements(str(SampleForm(data={})))
    assert page.named("full_name")["autocomplete"] == "name"
    assert page.named("full_name")["aria-invalid"] == "true"
    assert page.named("birthday")["inputmode"] == "numeric"
    assert all("required" not in attrs for _, attrs in page.found)
    assert "style" not in {name for _, attrs in page.found for name in attrs}


def test_a_mistake_of_the_whole_form_is_said_once():
    form = SampleForm(data={})
    form.add_error(None, "Không gửi được lúc này.")
    assert str(form).count("Không gửi được lúc này.") == 1


def test_answers_are_kept():
    page = Elements(str(SampleForm(data={"full_name": 'Nguyễn "Hằng"', "receive": "post", "ward": "2"})))
    assert page.named("full_name")["value"] == 'Nguyễn "Hằng"'
    assert [a for t, a in page.found if a.get("value") == "post"][0].get("checked", "no") is None
    assert [a for t, a in page.found if t == "option" and "selected" in a][0]["value"] == "2"


class Asked(forms.Form):
    name = forms.CharField(label="Họ tên", max_length=5)
    day = forms.DateField(label="Ngày sinh")
    count = forms.IntegerField(label="Số bản", min_value=1)
    mail = forms.EmailField(label="Thư điện tử")
    way = forms.ChoiceField(label="Nhận ở đâu?", choices=[("a", "A")], widget=forms.RadioSelect)
    own = forms.CharField(label="Số định danh", validators=[MinLengthValidator(12, "Số định danh có 12 chữ số.")])

    def clean_name(self):
        if self.cleaned_data["name"] == "x":
            raise ValidationError("Tên này đã có.", code="invalid")
        return self.cleaned_data["name"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Hãy nhập họ tên."),
        ("name", "abcdefg", "Họ tên chỉ được dài tối đa 5 ký tự."),
        ("name", "x", "Tên này đã có."),
        ("day", "31/02/2026", "Ngày sinh phải là ngày có thật, viết như 22/11/2026."),
        ("count", "hai", "Số bản phải là số, ví dụ 12."),
        ("count", "0", "Số bản không được nhỏ hơn 1."),
        ("mail", "ten", "Thư điện tử phải là địa chỉ thư điện tử, ví dụ ten@example.com."),
        ("way", "", "Hãy chọn ở mục: Nhận ở đâu."),
        ("way", "z", "Nhận ở đâu: lựa chọn này không có trong danh sách, hãy chọn lại."),
        ("own", "123", "Số định danh có 12 chữ số."),
    ],
)
def test_the_same_sentence_on_top_and_at_the_field(field, value, sentence):
    html = str(Asked(data={field: value}))
    assert html.count(sentence) == 2


def test_a_day_is_read_as_people_write_it():
    for written in ("22/11/2026", "22-11-2026", "22112026"):
        assert Asked(data={"day": written}).fields["day"].clean(written).isoformat() == "2026-11-22"
