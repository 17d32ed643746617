"""The fixed forms: what the browser refuses before it sends, the server refuses in the same words."""

import json

import pytest
from django import forms
from django.utils import translation

from core.fields import BirthDateField, PersonalNumberField, PhoneField, TaxNumberField
from dossiers.forms.filing import RevealingForm
from oss_portal.form_rules import page_rules
from oss_portal.form_sentences import sentences
from tests.procedures.judge import Judge


class Asked(RevealingForm):
    decides = "whose"
    reveals = {"other": ("number", "tax", "note")}
    optional = frozenset({"note"})
    whose = forms.ChoiceField(label="Ai?", choices=[("own", "Tôi"), ("other", "Khác")], widget=forms.RadioSelect)
    number = PersonalNumberField(label="Số", required=False)
    tax = TaxNumberField(label="Thuế", required=False)
    note = forms.CharField(label="Ghi chú", required=False)
    born = BirthDateField(required=False)
    phone = PhoneField()
    email = forms.EmailField(label="Thư", required=False, max_length=30)
    name = forms.CharField(label="Tên", min_length=2, max_length=5)
    sure = forms.BooleanField(label="Chắc")


GOOD = {"whose": "own", "phone": "0912 345 678", "name": "An", "sure": "on"}
OTHER = {**GOOD, "whose": "other", "number": "027 190 000 011", "tax": "0100109106-001"}


@pytest.fixture(scope="module")
def browser():
    judge = Judge()
    yield judge
    judge.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        (GOOD, []),
        ({**GOOD, "number": "rubbish", "tax": "rubbish"}, []),
        (OTHER, []),
        ({}, ["whose", "phone", "name", "sure"]),
        ({**GOOD, "whose": "other"}, ["number", "tax"]),
        *[
            ({**OTHER, field: text}, [field])
            for field, texts in {
                "number": ["1", "x" * 12, "000190000011", "027690000011", "027399000011", "0" * 31],
                "tax": ["0100109107", "x"],
                "born": ["31/02/1990", "1/1/2999", "90"],
                "phone": ["12", "+1 912 345 678", "9" * 21],
                "email": ["ten", "ten@x", "x" * 26 + "@x.vn"],
                "name": ["A", "Nguyễn", "  "],
                "sure": [""],
            }.items()
            for text in texts
        ],
        ({**OTHER, "born": "22.11.1990", "email": "ten@example.com", "name": " Hằng "}, []),
        ({**OTHER, "phone": "-"}, ["phone"]),
        ({**OTHER, "email": "a@[127.0.0.1]"}, []),
    ],
)
def test_the_browser_says_what_the_server_says(browser, typed, refused, language):
    with translation.override(language):
        form = Asked(typed)
        said = [[field.name, sentences(field)[0]] for field in form if field.errors]
        for page in (Asked(), form):  # as first shown, and as it comes back
            assert browser(json.loads(page_rules(page)), typed)["mistakes"] == said
    assert [field for field, _sentence in said] == refused
