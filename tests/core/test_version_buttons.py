"""The buttons under a version: what the component draws is what it says that it draws."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from core.version_buttons import version_buttons
from core.versions import Status


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("may_edit", [False, True])
@pytest.mark.parametrize("may_decide", [False, True])
@pytest.mark.parametrize("returned_reason", ["", "Thiếu căn cứ"])
def test_anything_is_said_where_something_is_drawn(status, may_edit, may_decide, returned_reason):
    """A pane that holds only the buttons is left out without any: a frame stood around nothing."""
    version = SimpleNamespace(
        status=status, revision=1, returned_reason=returned_reason, has_second_person=lambda by: True
    )
    workflow = SimpleNamespace(blockers=lambda version: [], obstacles=lambda version, by: [], needs_reason=False)
    buttons = version_buttons(workflow, version, object(), may_edit=may_edit, may_decide=may_decide)
    drawn = render_to_string("components/version_buttons.html", {"buttons": buttons}).strip()
    assert buttons["anything"] is bool(drawn)
