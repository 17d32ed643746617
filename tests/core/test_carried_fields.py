"""What a page carries without anybody seeing it: a mistake in it is said in plain words, whatever the form."""

import pytest
from django import forms
from django.apps import apps
from django.urls import get_resolver

from core.fields import CarriedNumber, CarriedText
from core.second_person import StaleDraft
from core.version_buttons import posted_revision
from dossiers.models import AgencyChange


def _forms() -> list[type[forms.BaseForm]]:
    get_resolver().url_patterns  # noqa: B018 - reading them loads every view and its forms
    assert apps.ready
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found.update(kinds)
        waiting += kinds
    ours = {app.name for app in apps.get_app_configs() if "site-packages" not in app.path}
    return sorted(
        (kind for kind in found if kind.__module__.partition(".")[0] in ours), key=lambda kind: kind.__qualname__
    )


def test_every_hidden_field_of_a_form_is_one_that_says_so():
    kinds = _forms()
    hidden = [
        (kind.__qualname__, name, field)
        for kind in kinds
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field.widget, forms.HiddenInput)
    ]
    assert len(kinds) > 40
    assert len(hidden) >= 8
    djangos = forms.Field.default_error_messages["required"]
    own = [field for *_at, field in hidden if field.error_messages["required"] != djangos]
    carried = [field for *_at, field in hidden if isinstance(field, CarriedNumber | CarriedText)]
    assert [at for *at, field in hidden if field not in (*own, *carried)] == []


@pytest.mark.parametrize("given", [None, "", "abc", "-7", "1.5", str(10**30)])
def test_a_number_that_was_lost_on_the_way_is_carried_again(given):
    class Page(forms.Form):
        revision = CarriedNumber(min_value=0, max_value=100)

    page = Page({"revision": given} if given is not None else {}, initial={"revision": 7})
    assert not page.is_valid()
    assert "bấm lần nữa" in page.errors["revision"][0]
    assert page["revision"].value() == 7


@pytest.mark.parametrize("given", [{}, {"revision": ""}, {"revision": "abc"}, {"revision": "-1"}])
def test_a_button_of_a_version_does_not_blame_somebody_who_saved_nothing(given):
    version = AgencyChange(revision=3)
    with pytest.raises(StaleDraft) as refusal:
        version.require_unchanged(posted_revision(given))
    assert (refusal.value.code, "bấm lần nữa" in str(refusal.value)) == ("carried", True)
    version.require_unchanged(posted_revision({"revision": "3"}))
