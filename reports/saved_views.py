"""Whose saved tables of figures are whose to open."""

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from reports.models import SavedView


def views_for(actor: Actor) -> QuerySet[SavedView]:
    """The actor's own, and those shared within the agency."""
    return SavedView.objects.filter(Q(post=actor.post) | Q(shared=True, post__agency=actor.post.agency_id))
