"""Questions asked of dossiers, named as people ask them."""

from datetime import datetime

from django.db import models

from dossiers.models.states import OPEN_STATES, RUNNING_STATES, WAITING_STATES, State, Substate

# What no count or move asks for, and a million rows need not carry.
HEAVY = ("search_vector", "answers", "content", "contact_address", "return_address", "sort_key")


class DossierQuerySet(models.QuerySet):
    def running(self) -> "DossierQuerySet":
        """Received and not finished, the clock not paused."""
        return self.filter(state__in=RUNNING_STATES).exclude(substate=Substate.SUSPENDED)

    def open(self) -> "DossierQuerySet":
        """Received and not finished, paused ones included."""
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, at: datetime) -> "DossierQuerySet":
        return self.running().filter(due_at__lt=at)

    def due_between(self, after: datetime, until: datetime) -> "DossierQuerySet":
        return self.running().filter(due_at__gte=after, due_at__lte=until)

    def paused(self) -> "DossierQuerySet":
        return self.filter(
            models.Q(state__in=WAITING_STATES) | models.Q(state=State.PROCESSING, substate=Substate.SUSPENDED)
        )

    def kept(self) -> "DossierQuerySet":
        """Without drafts that were deleted."""
        return self.filter(discarded_at__isnull=True)

    def light(self) -> "DossierQuerySet":
        """Without the large columns, for work on a great many; each is read when somebody asks for it after all."""
        return self.defer(*HEAVY)

    def sent(self) -> "DossierQuerySet":
        return self.exclude(state=State.DRAFT)
