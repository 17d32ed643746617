"""Changes of agencies, decided by two people and carried out."""

from django.utils import timezone

from dossiers.models import AgencyChange
from dossiers.reorganisation.carrying_out import carry_out
from dossiers.reorganisation.workflow import CHANGES

Kind = AgencyChange.Kind


def decided(agency, successor, first, second, *, kind=Kind.MERGE, fields=(), day=None) -> AgencyChange:
    now = timezone.now()
    draft = AgencyChange(
        agency=agency, kind=kind, successor=successor, field_keys=list(fields), document="Nghị quyết 12/NQ-HĐND"
    )
    draft.first_day = day or timezone.localdate()
    draft = CHANGES.begin_draft(draft, by=first, at=now)
    draft = CHANGES.submit_draft(draft.pk, revision=draft.revision, by=first, at=now)
    return CHANGES.put_in_force(draft.pk, revision=draft.revision, by=second, at=now)


def carried_out(*given, **more) -> AgencyChange:
    change = decided(*given, **more)
    carry_out(change.pk)
    change.refresh_from_db()
    return change
