"""What goes with a dossier whose time of keeping is over, and what stays: figures and legal history.

Gone are what it says of people (answers, contacts, words, names of papers), its files with everything made of them,
and people of whom nothing else is kept. Its code, procedure, agencies, moments and outcome stay, so that no figure
changes; events, issued papers, charges and receipts stay as they were sealed.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from accounts import people
from accounts.models import Person, RegistryLookup
from digitization import uploads
from digitization.models import RegisteredDocument, StoredFile
from dossiers.correspondence import feedback
from dossiers.filing import upload_targets
from dossiers.lifecycle.transitions import Action
from dossiers.models import AlertKind, Dossier, DossierDocument, Rating
from notices.models import Notice

_GONE = "–"  # where the database demands a text


def destroy_case(action: Action) -> None:
    """Effect of `destroy`, within its transaction."""
    dossier = action.dossier
    action.recorded["item"] = action.inputs["item"]
    action.recorded["files"] = erase_case(dossier, action.at)
    blank_dossier(dossier, action.at)


def blank_dossier(dossier: Dossier, at: datetime) -> None:
    """Empty the columns of a locked dossier; the caller saves it."""
    Dossier.objects.filter(pk=dossier.pk).update(search_vector=None)
    for name in ("owner_name", "contact_phone", "contact_email", "contact_address", "content"):
        setattr(dossier, name, "")
    dossier.return_address = dossier.ground_note = dossier.sort_key = ""
    dossier.answers, dossier.fee_facts = {}, {}
    dossier.destroyed_at = at


@transaction.atomic
def erase_case(dossier: Dossier, at: datetime) -> int:
    """Erase what hangs on the dossier; returns how many files were deleted. Doing it twice changes nothing."""
    messages = dossier.messages.all()
    supplements = dossier.supplement_requests.all()
    complaints = dossier.feedback.all()
    owners = [
        dossier.reference,
        *(f"{feedback.PREFIX}:{pk}" for pk in complaints.values_list("pk", flat=True)),
        *(upload_targets.answer_owner(request) for request in supplements),
    ]
    files = StoredFile.objects.filter(owner__in=owners, erased_at__isnull=True).exclude(pk__in=_registered(at))
    erased = uploads.erase_files(list(files.values_list("pk", flat=True)), at)
    messages.update(author="", text="", account=None)
    complaints.update(author="", contact_email="", contact_phone="", text="", account=None)
    complaints.exclude(answer="").update(answer=_GONE)
    supplements.update(items=[], reason="", answer="")
    dossier.corrections.update(change={}, reason="", note="")
    dossier.opinions.update(question="", answer="")
    dossier.documents.update(text="")
    dossier.documents.exclude(kind=DossierDocument.Kind.RESULT).update(number="")
    typed = (DossierDocument.Kind.OTHER, DossierDocument.Kind.AUTHORITY)
    dossier.documents.filter(kind__in=typed).update(name="")
    Rating.objects.filter(dossier=dossier).update(comment="")
    RegistryLookup.objects.filter(record=dossier.reference).update(number="", facts={}, good_until=None)
    _erase_notices(dossier)
    return erased


def forget_people(dossier: Dossier, at: datetime) -> int:
    """Erase the record of each person of an erased dossier of whom nothing else is kept; returns how many."""
    named = [pk for pk in {dossier.filer_id, dossier.owner_person_id} if pk]
    found = Person.objects.filter(pk__in=named, account__isnull=True, merged_into__isnull=True)
    forgotten = [person for person in found if not _needed(person)]
    for person in forgotten:
        people.erase_person(person, at=at)
    return len(forgotten)


def _needed(person: Person) -> bool:
    kept = Dossier.objects.filter(Q(filer=person) | Q(owner_person=person), destroyed_at__isnull=True)
    registered = RegisteredDocument.objects.filter(holder_person=person, standing=RegisteredDocument.Standing.VALID)
    return kept.exists() or registered.exists() or person.enterprises.exists()


def _registered(at: datetime) -> QuerySet[StoredFile]:
    """Files of the register that still hold: whoever has the paper may use it again."""
    valid = RegisteredDocument.objects.filter(standing=RegisteredDocument.Standing.VALID)
    valid = valid.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate(at)))
    return StoredFile.objects.filter(pk__in=valid.values("file"))


def _erase_notices(dossier: Dossier) -> None:
    told = _notices(dossier)
    told.filter(state__in=(Notice.State.WAITING, Notice.State.HELD)).delete()
    told.exclude(address="").update(address=Cast("pk", CharField()))  # one message has one row for each address
    told.update(subject="", body="", fallbacks=[])


def _notices(dossier: Dossier) -> QuerySet[Notice]:
    """Messages about its events, messages, complaints and dates, by their keys, and what led its applicants to it."""
    beginnings = [f"event:{pk}:" for pk in dossier.events.values_list("pk", flat=True)]
    beginnings += [f"message:{pk}:" for pk in dossier.messages.values_list("pk", flat=True)]
    beginnings += [f"feedback:{pk}:" for pk in dossier.feedback.values_list("pk", flat=True)]
    beginnings += [f"crossing:{kind}:{dossier.pk}:" for kind in AlertKind.values]
    keys = Q(key__in=[f"message:{pk}" for pk in dossier.messages.values_list("pk", flat=True)])
    for beginning in beginnings:
        keys |= Q(key__startswith=beginning)
    accounts = {dossier.filer.account_id, dossier.owner_person.account_id if dossier.owner_person else None} - {None}
    led = Q(link__contains=str(dossier.uid))
    if dossier.code:
        led |= Q(link__contains=dossier.code)
    return Notice.objects.filter(keys | Q(account__in=accounts) & led)
