"""The command that counts a due date for a hypothetical start: two languages, JSON, and one sentence for a mistake."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency
from dossiers.forms.action import consultable
from dossiers.forms.due_date import DueDateForm
from tests.factories.dossiers import received
from tests.factories.moments import at
from vietnam.text import sort_key


def counted(*arguments: str) -> str:
    out = io.StringIO()
    call_command("due_date", *arguments, stdout=out)
    return out.getvalue()


def test_it_counts_in_two_languages_and_as_json(cast):
    said = counted("2026-11-23T09:10", "1", "working_day")
    assert "Hạn trả kết quả: 17:00 Thứ Tư 25/11/2026" in said
    assert "due Wed 25/11/2026 17:00" in said
    found = json.loads(counted("2026-11-23T09:10", "1", "working_day", "--json", "--agency", cast.agency.code))
    assert found["due_at"] == "2026-11-25T17:00+07:00"
    assert [day["date"] for day in found["days"]] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    late = json.loads(counted("2026-11-23T15:10", "1", "working_day", "--json", "--received-after-rule"))
    assert late["due_at"] == "2026-11-26T17:00+07:00"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2026-11-23T09:10", "1", "week"), "week is no unit; choose one of working_day"),
        (("2026-02-30T09:10", "1", "working_day"), "write it as 2026-11-23T09:10"),
        (("2026-11-23T09:10", "one", "working_day"), "one is no number"),
        (("2026-11-23T09:10", "-1", "working_day"), "-1 is no number"),
        (("2026-11-23T09:10", "0", "working_day"), "longer than nothing"),
        (("2026-11-23T09:10", "0.5", "month"), "months are counted whole"),
        (("2026-11-23T09:10", "1e99999999", "working_day"), "is no number"),
        (("2099-11-23T09:10", "1", "working_day"), "runs beyond the days"),
        (("2026-11-23T09:10", "1", "working_day", "--agency", "X"), "There is no agency X"),
    ],
)
def test_a_mistake_is_one_sentence(cast, arguments, said):
    with pytest.raises(CommandError) as mistake:
        counted(*arguments)
    assert said in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_agencies_to_choose_stand_in_the_order_of_a_dictionary(cast, edition):
    """The database knows no Vietnamese: by name it would put “Chũ” before “Cảnh Thụy”, and “Đ” last."""
    communes = DueDateForm().fields["agency"].queryset.filter(kind=Agency.Kind.COMMUNE_PC)
    names = [each.name for each in communes]
    assert len(names) > 50
    assert names == sorted(names, key=sort_key)
    dossier = received(cast, edition, at("2025-11-24 09:00"), limit_days="5")
    assert consultable(dossier).query.order_by[0] == "sort_key"
