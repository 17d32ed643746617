"""Rows and cells that are drawn without a template: what a name holds stays text, and nothing is shown of nothing."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from dossiers.models import Dossier, State
from dossiers.views.lists import EMPTY
from oss_portal.templatetags.rows import choice_options, dossier_rows, figure_cells

HOSTILE = '"><script>alert(1)</script>'
DUE = datetime(2026, 11, 23, 10, tzinfo=UTC)


def row(**given):
    dossier = Dossier(code="H05.1", owner_name=HOSTILE, state=State.PROCESSING, revision=3, due_at=given.get("due"))
    return {
        "dossier": dossier, "title": HOSTILE, "standing": given.get("standing"), "step_name": HOSTILE,
        "step_late": False, "url": "/d/", "acts": given.get("acts", []), "asked": given.get("asked"),
    }  # fmt: skip


@pytest.mark.parametrize("dense", [True, False])
def test_texts_of_a_row_stay_texts(dense):
    drawn = dossier_rows([row(acts=["perform", HOSTILE], asked=DUE), row()], choosing=EMPTY, dense=dense)
    assert "<script" not in drawn
    assert drawn.count("&quot;&gt;&lt;script&gt;") >= 10
    assert drawn.count("<tr ") == 2
    assert drawn.count('type="checkbox"') == 1  # nothing can be done with the second
    assert 'value="H05.1:3"' in drawn


def test_choices_stay_texts_and_one_is_chosen():
    drawn = choice_options([(HOSTILE, HOSTILE), ("7", "Bảy")], "7")
    assert "<script" not in drawn
    assert drawn.count("<option ") == 2
    assert drawn.endswith('<option value="7" selected>Bảy</option>')


def test_what_is_kept_of_a_badge_is_kept_by_language():
    standing = {"standing": "overdue", "minutes": -960, "ended": False, "whose": ""}
    for language, words in (("vi", "2 ngày"), ("en", "2 days"), ("vi", "2 ngày")):
        with override(language):
            assert words in dossier_rows([row(due=DUE, standing=standing)])


def test_a_row_says_its_date_and_how_it_stands():
    standing = {"standing": "overdue", "minutes": -480, "ended": False, "whose": ""}
    (dated, bare) = (dossier_rows([each]) for each in (row(due=DUE, standing=standing), row()))
    assert ">23/11/2026</time>" in dated
    assert "Quá hạn" in dated
    assert "<time" not in bare
    assert "oss-state--overdue" not in bare
    assert "checkbox" not in dated


def test_figures_are_links_only_where_there_is_a_list():
    cells = [
        {"label": HOSTILE, "number": "12", "url": "/l/?a=1&b=2", "bad": True},
        {"label": "Sớm", "number": "0", "url": ""},
        {"label": "Phần", "is_share": True, "share": 0.975, "heat": 2},
    ]
    drawn = figure_cells(cells, HOSTILE)
    assert "<script" not in drawn
    assert (
        '<a class="govuk-link govuk-link--no-visited-state oss-number" href="/l/?a=1&amp;b=2"><strong>12</strong>'
        in drawn
    )
    assert 'oss-muted">0</span>' in drawn
    assert "oss-heat-2" in drawn
    assert "97,5 %" in drawn
    assert drawn.count("<td ") == 3
