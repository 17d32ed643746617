"""A dossier stays found by what its scans say, and old rows are found by the folding of now."""

from django.core.management import call_command

from accounts.models import Account, Enterprise, Person
from accounts.people import search_people
from digitization import uploads
from digitization.models import Scan, StoredFile
from digitization.signals import document_ready
from dossiers import search
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from tests.factories.dossiers import received, taken_in
from tests.factories.moments import at
from tests.factories.scans import pdf_upload

AT = at("2026-11-23 09:10")


def read_as(dossier: Dossier, by, text: str) -> None:
    """A scan of the dossier that was read."""
    file = uploads.store_file(pdf_upload(), "so-do.pdf", dossier.reference, by)
    Scan.objects.create(file=file, text=text, text_folded=text.lower(), state="ready", finished_at=AT)
    document_ready.send(sender=StoredFile, file=file)


def found(words: str) -> list[Dossier]:
    return list(search.dossiers_matching(Dossier.objects.all(), words))


def test_what_was_read_before_a_dossier_was_filed_or_corrected_still_finds_it(cast, edition):
    dossier = taken_in(cast, edition, AT)
    assert dossier.code is None
    read_as(dossier, cast.counter, "thua dat 1717 to ban do 23")
    execute_transition(dossier, "receive", cast.counter, at=AT)
    assert found("1717 ban do") == [dossier]
    dossier.refresh_from_db()
    dossier.content = "Nội dung khác"
    search.index_dossier(dossier)
    dossier.save(update_fields=["content", "search_vector"])
    assert found("1717") == found("noi dung khac") == [dossier]


def test_old_rows_are_indexed_anew(cast, edition):
    dossier = received(cast, edition, AT)
    read_as(dossier, cast.counter, "thua dat 1717")
    Person.objects.filter(pk=cast.person.pk).update(full_name="Søren Łukasz", search_key="sren ukasz")
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(name="王伟", search_key="")
    Account.objects.filter(pk=cast.officer.account.pk).update(full_name="Łukasz", search_key="ukasz")
    Scan.objects.filter(file__owner=dossier.reference).update(text="Thửa đất 1717 Øresund", text_folded="thua dat 1717")
    Dossier.objects.filter(pk=dossier.pk).update(owner_name="Søren Łukasz", search_vector=None)
    call_command("index_search")
    assert search_people("soren lukasz") == [cast.person]
    assert Enterprise.objects.get(pk=cast.enterprise.pk).search_key.startswith("wang wei")
    assert Account.objects.get(pk=cast.officer.account.pk).search_key.startswith("lukasz")
    assert found("soren") == found("oresund 1717") == found(dossier.code) == [dossier]
