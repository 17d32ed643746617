"""What a proof or a correction of a person means for the dossiers in their name: an event on each, found anew.

The name on a dossier's papers stays as it was at filing; a correction of the dossier (`Correction.Kind.OWNER`)
changes it.
"""

from datetime import datetime

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Person
from digitization.models import Scan
from dossiers import search
from dossiers.models import Dossier, DossierEvent
from dossiers.models.history import who_acted
from dossiers.signals import dossiers_acted

ACTION = "person_changed"


def note(person: Person, *, merged: Person | None, by: Actor, at: datetime) -> int:
    """Write the event on every sent dossier of `person` and index it anew, within the caller's transaction; returns how
    many. `merged` is the record that ended in this one."""
    rows = (
        Dossier.objects.select_for_update(of=("self",))
        .filter(Q(owner_person=person) | Q(filer=person), code__isnull=False, destroyed_at__isnull=True)
        .select_related("edition", "owner_person", "owner_enterprise")
        .order_by("pk")
    )
    events, who = [], who_acted(by)
    for dossier in rows.iterator(chunk_size=200):
        dossier.revision += 1
        scans = Scan.objects.filter(file__owner=dossier.reference, file__removed_at=None)
        text = " ".join(scans.values_list("text_folded", flat=True))
        Dossier.objects.filter(pk=dossier.pk).update(
            revision=dossier.revision, search_vector=search.search_vector(search.words_of(dossier), text)
        )
        events.append(
            DossierEvent(
                dossier=dossier,
                revision=dossier.revision,
                action=ACTION,
                from_state=dossier.state,
                to_state=dossier.state,
                at=at,
                **who,
                facts={"person": person.pk, **({"merged": merged.pk} if merged else {})},
            )
        )
    DossierEvent.objects.bulk_create(events)
    dossiers_acted.send(sender=Dossier, event_ids=[event.pk for event in events])
    return len(events)
