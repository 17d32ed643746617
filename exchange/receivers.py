"""What exchange does when something happened to a dossier, in the transaction of the action."""

from typing import Any

from django.dispatch import receiver

from dossiers.models import DossierEvent
from dossiers.signals import dossier_acted, dossiers_acted
from exchange.connectors.national import transport as national
from exchange.connectors.national.sending import want_told
from exchange.models import PostOrder, SpecialisedDossier
from exchange.webhooks.messages import record_events


@receiver(dossier_acted)
def tell_of_event(event: DossierEvent, **_rest: Any) -> None:
    _tell([event.pk])
    if event.action == "destroy":
        # Its time of keeping is over (docs/retention.md): how the post travelled is counted, to whom is gone.
        sent = PostOrder.objects.filter(dossier=event.dossier_id)
        sent.update(name="", phone="", address="", signed_by="", journey=[], last_error="")
        SpecialisedDossier.objects.filter(dossier=event.dossier_id).update(note="", last_error="")


@receiver(dossiers_acted)
def tell_of_many_events(event_ids: list[int], **_rest: Any) -> None:
    _tell(event_ids)


def _tell(event_ids: list[int]) -> None:
    record_events(event_ids)
    if national.is_configured():
        want_told(event_ids)
