"""Whoever holds a paper sees on its check page that its record was not changed, and can prove it without us."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from journal import sealing
from papers.models import Paper
from tests.databases import acting_as
from tests.factories.papers import AT, content_of, given_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.HISTORY_KEY_FILE = str(tmp_path / "history.key")


def shown(client, paper):
    return client.get(f"/track/paper/{paper.code}").content.decode()


def test_the_check_page_says_how_far_the_paper_is_sealed(client, django_assert_max_num_queries):
    paper = given_out()
    assert "niêm phong trong vài phút nữa" in shown(client, paper)
    assert client.get(f"/track/paper/{paper.code}/proof.json").status_code == 404
    sealing.seal_streams(at=AT)
    assert "Bản ghi đã được niêm phong lúc 09:10" in shown(client, paper)
    sealing.close_days(at=AT + timedelta(days=1))
    with django_assert_max_num_queries(8):
        page = shown(client, paper)
    assert "Bản ghi không bị sửa từ khi phát hành" in page
    assert paper.sha256 in page


def test_the_proof_tells_nothing_of_people_and_holds_without_us(client, tmp_path, capsys):
    paper = given_out("Bà Nguyễn Thị Ánh")
    sealing.close_days(at=AT)
    sealing.close_day(at=AT, even_today=True)
    answer = client.get(f"/track/paper/{paper.code.lower()}/proof.json")
    text = answer.content.decode()
    for hidden in ("Ánh", "Nguyễn Văn A", "sample:1"):
        assert hidden not in text
    proof, pdf = tmp_path / "proof.json", tmp_path / "paper.pdf"
    proof.write_text(text)
    pdf.write_bytes(content_of(paper))
    roots = client.get("/history/roots.jsonl")
    kept = json.loads(b"".join(roots.streaming_content).decode().splitlines()[-1])
    assert kept["hash"] in client.get("/history/").content.decode()
    call_command("verify_proof", proof, paper=pdf, day_root=kept["hash"])
    assert "The proof holds" in capsys.readouterr().out
    pdf.write_bytes(content_of(paper) + b" ")
    with pytest.raises(CommandError, match="not the one that was issued"):
        call_command("verify_proof", proof, paper=pdf)
    with pytest.raises(CommandError, match="not the one kept outside"):
        call_command("verify_proof", proof, day_root="0" * 64)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_proof", pdf)


def test_a_record_that_was_changed_is_told_to_whoever_checks(client):
    paper = given_out()
    sealing.seal_streams(at=AT)
    sealing.close_day(at=AT, even_today=True)
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE papers_paper DISABLE TRIGGER ALL")
        cursor.execute("UPDATE papers_paper SET sha256 = repeat('0', 64) WHERE id = %s", [paper.pk])
    page = shown(client, Paper.objects.get(pk=paper.pk))
    assert "không còn đúng như khi được niêm phong" in page
    assert "Bản ghi không bị sửa" not in page
    assert "chưa bị thay thế" not in page, "nothing on the page vouches for it"
    assert client.get(f"/track/paper/{paper.code}/proof.json").status_code == 404


def test_before_any_day_is_signed_the_page_says_so(client):
    assert "Chưa có ngày nào được ký" in client.get("/history/").content.decode()
