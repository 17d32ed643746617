"""What will fall overdue within a week: a queue that works by due date, tried on the weeks that are over."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier, State
from reports.forecast import late_in_queue, overdue_forecast
from reports.population import EVERYTHING
from tests.factories.dossiers import copies, received
from tests.factories.moments import at
from tests.factories.people import signed_in


@pytest.mark.parametrize(
    ("overdue", "coming", "pace", "late"),
    [
        (0, [], 3, 0),
        (0, [(1, 3), (2, 3)], 3, 0),
        (0, [(1, 5), (2, 3)], 3, 4),  # the two that are too late still stand before the others
        (6, [(1, 3), (2, 0), (5, 2)], 3, 3),
        (0, [(1, 4)], 0, 4),
        (0, [(0, 2), (1, 2)], 4, 2),  # due on a day off
        (0, [(1, 2), (2, 2)], 1.5, 2),  # half a dossier is none
    ],
)
def test_a_queue_reaches_what_its_pace_allows(overdue, coming, pace, late):
    assert late_in_queue(overdue, coming, pace) == late


@pytest.mark.django_db
def test_the_forecast_and_its_error(cast, edition, monkeypatch):
    """On Monday 23 November 2026: 20 finished in twenty working days, five due on Thursday; Tuesday is off."""
    now = at("2026-11-23 09:00")
    model = received(cast, edition, at("2026-10-20 09:00"))
    done = {"state": State.DONE, "step_id": None}
    copies(model, 19, **done, finished_at=at("2026-11-05 09:00"), due_at=at("2026-11-30 17:00"))
    # Open a week ago; one of the two ran over.
    copies(model, 1, **done, finished_at=at("2026-11-18 09:00"), due_at=at("2026-11-18 17:00"))
    copies(model, 1, due_at=at("2026-11-19 17:00"))
    copies(model, 5, due_at=at("2026-11-26 17:00"))
    copies(model, 7, due_at=at("2026-12-25 17:00"))
    copies(model, 3, due_at=None)
    Dossier.objects.filter(pk=model.pk).update(due_at=at("2026-12-25 17:00"))
    found = overdue_forecast(EVERYTHING, now)
    [mine] = found.agencies
    assert (mine.agency, mine.pace, mine.overdue, mine.coming) == (cast.agency, 1.0, 1, 5)
    assert mine.expected == 3  # three working days, one of them for what is overdue already
    last_week = found.tried[-1]
    assert (last_week.since, last_week.came) == (now - timedelta(days=7), 1)
    assert found.mean_error is not None
    monkeypatch.setattr(timezone, "now", lambda: now)
    page = signed_in(cast.head).get(reverse("reports-causes")).content.decode()
    assert "khoảng <strong>3</strong> hồ sơ nữa sẽ quá hạn" in page
