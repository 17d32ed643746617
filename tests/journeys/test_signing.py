"""A result is signed by who decides and by the agency; its holder finds it on record and uses a paper again."""

import pytest

from dossiers.models import Dossier, DossierDocument
from tests.factories.signing import pki_running
from tests.journeys.steps import act, file_online
from tests.journeys.visitor import DESKTOP, LANGUAGES, PHONE, PROCEDURE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_is_signed_and_a_paper_used_again(portal, visit, paper, language, tmp_path, settings):
    cast = portal.cast
    with pki_running(tmp_path, settings) as pki:
        pki.key(f"staff-{cast.leader.account.username}", cast.leader.account.full_name)
        pki.key(f"agency-{cast.agency.code}", cast.agency.name)
        me = visit(language, PHONE, cast.citizen)
        dossier = file_online(me, paper)
        counter = visit(language, DESKTOP, cast.counter)
        act(counter, dossier, "accept")
        officer = visit(language, DESKTOP, cast.officer)
        act(officer, dossier, "take")
        act(officer, dossier, "attach_result", name="Giấy xác nhận", text="Xác nhận như đề nghị.")
        act(officer, dossier, "verify")
        act(visit(language, DESKTOP, cast.head), dossier, "submit")
        leader = visit(language, DESKTOP, cast.leader)
        leader.open(f"/dossiers/{dossier.code}/act/approve/")
        leader.page.check("input[name=sign]")
        leader.look("approve-signed")
        leader.send()
        clerk = visit(language, DESKTOP, cast.clerk)
        clerk.open(f"/dossiers/{dossier.code}/act/issue/")
        clerk.page.fill("input[name=number]", "15/XN-UBND")
        clerk.page.check("input[name=seal]")
        clerk.look("issue-sealed")
        clerk.send()
        clerk.open("/documents/?q=15/XN-UBND")
        assert clerk.page.get_by_text("15/XN-UBND").count()
        clerk.look("register")
    result = dossier.documents.get(kind=DossierDocument.Kind.RESULT)
    assert result.signer == cast.leader.account.full_name
    me.open("/my/documents/")
    me.look("my-documents")
    me.page.locator("a[href^='/track/document/']").first.click()
    me.look("document-check")
    me.open(f"/file/{PROCEDURE}/")
    me.send("main form button.govuk-button--start")
    me.open(me.path.replace("/file/", "/file/documents/", 1) if me.path.endswith("/file/") else me.path)
    me.page.locator(".oss-paper details summary").first.click()
    me.look("reusable")
    me.send("main .oss-paper details button")
    me.look("used-again")
    again = Dossier.objects.get(uid=me.path.split("/")[3])
    assert again.documents.filter(file__reused_from__isnull=False).exists()
    counter.open("/desk/scans/")
    counter.look("stacks")
