"""Who opens a file of a dossier."""

from django.core.files.base import ContentFile

from digitization import uploads
from digitization.permissions import may_read_file
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from tests.factories.dossiers import received
from tests.factories.moments import at

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def test_a_draft_result_is_the_agencys_own_until_it_is_issued(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    execute_transition(dossier, "assign", cast.head, at=at("2026-11-23 10:00"), officer=cast.officer.post)
    file = uploads.store_file(ContentFile(PDF, "ket-qua.pdf"), "ket-qua.pdf", dossier.reference, cast.officer)
    execute_transition(dossier, "attach_result", cast.officer, at=at("2026-11-23 11:00"), name="Giấy phép", file=file)
    assert may_read_file(cast.officer, file)
    assert not may_read_file(cast.citizen, file)
    assert not may_read_file(cast.stranger, file)
    for actor, action in (
        (cast.officer, "verify"),
        (cast.head, "submit"),
        (cast.leader, "approve"),
        (cast.clerk, "issue"),
    ):
        said = {"number": "1/GP", "issued_on": at("2026-11-25 09:00").date(), "signer": "Lê Văn Lãnh"}
        facts = said if action == "issue" else {}
        execute_transition(dossier, action, actor, at=at("2026-11-25 09:00"), **facts)
    assert may_read_file(cast.citizen, file)
    Dossier.objects.filter(pk=dossier.pk).update(fee_amount=8000, fee_settled_at=None)
    assert not may_read_file(cast.citizen, file)
    assert not may_read_file(cast.stranger, file)
