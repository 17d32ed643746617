"""What the line under a life event promises is found within it."""

import pytest

from procedures.editions import bundled
from procedures.public.listing import Narrowing, narrowed_list

EVENTS = bundled.bundled_competence("life_events")["life_events"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda row: row["key"])
def test_each_word_of_the_line_finds_a_procedure_of_the_event(catalogue, event):
    for promise in event["hint"].replace(";", ",").split(","):
        found = narrowed_list(Narrowing(q=promise.strip(), event=event["key"]))
        assert found.exists(), promise


@pytest.mark.parametrize("event", EVENTS, ids=lambda row: row["key"])
def test_no_event_leads_to_a_page_with_next_to_nothing(catalogue, event):
    assert narrowed_list(Narrowing(event=event["key"])).count() >= 5
