"""Form 07: asked for once, written volume by volume by a worker, numbered without a gap."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from pikepdf import pdfa

from core.refusals import Refused
from dossiers import registers
from journal.models import OutboxMessage
from papers.models import Paper, PaperRun
from papers.permissions import may_read_paper
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.papers import content_of, pages_of

NOW = at("2026-12-02 08:00")
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def ordered(cast, key="k", since=NOVEMBER[0], until=NOVEMBER[1]) -> PaperRun:
    return registers.order_register(cast.centre, since, until, by=cast.counter, at=NOW, key=key)


def made(run: PaperRun, moment=NOW) -> PaperRun:
    registers.make_volumes(run.pk, clock=lambda: moment)
    run.refresh_from_db()
    return run


def text_of(paper: Paper, name: str = "") -> str:
    return " ".join(pages_of(content_of(paper), name)).replace("- ", "-")


def test_a_book_follows_the_dossiers_of_a_period(cast, edition):
    inside = received(cast, edition, at("2026-11-02 09:00"), limit_days="5", key="a")
    outside = received(cast, edition, at("2026-12-01 00:30"), limit_days="5", key="b")
    run = made(ordered(cast))
    assert (run.state, run.rows, run.rows_done) == ("ready", 1, 1)
    paper = run.volumes().get()
    assert (paper.number, paper.form, paper.title) == ("01/STD", "book", "Sổ theo dõi hồ sơ")
    assert pdfa.validate_written(BytesIO(content_of(paper)), "2b").passed
    text = text_of(paper, "book")
    assert "SỔ THEO DÕI HỒ SƠ Từ ngày 01/11/2026 đến ngày 30/11/2026" in text
    assert "Số: 01/STD" in text
    assert inside.code in text
    assert outside.code not in text
    assert "09:00 02/11/2026" in text
    assert "Cộng: 1 hồ sơ." in text
    assert f"/track/paper/{paper.code}" in text
    assert "nhận kết quả Ký nhận Ghi chú" in text


def test_an_empty_period_makes_a_book_that_says_so(cast):
    run = made(ordered(cast))
    assert run.state == "ready"
    assert "Không có hồ sơ nào trong kỳ." in text_of(run.volumes().get())


def test_a_long_book_is_bound_in_volumes_that_count_on(cast, edition, monkeypatch):
    monkeypatch.setattr(registers, "VOLUME_ROWS", 3)
    found = [received(cast, edition, at(f"2026-11-02 09:{n:02d}"), limit_days="5", key=str(n)) for n in range(7)]
    run = made(ordered(cast))
    volumes = list(run.volumes())
    assert [paper.number for paper in volumes] == ["01/STD", "02/STD", "03/STD"]
    assert [paper.facts["rows"] for paper in volumes] == [3, 3, 1]
    texts = [text_of(paper) for paper in volumes]
    assert "Quyển 2/3" in texts[1]
    for n, dossier in enumerate(found):
        assert [dossier.code in text for text in texts] == [n // 3 == place for place in range(3)]
    assert (run.rows, run.rows_done, run.state) == (7, 7, "ready")
    again = made(ordered(cast, key="next"))
    assert again.volumes().first().number == "04/STD"


def test_a_full_volume_is_the_last_one_when_nothing_is_left(cast, edition, monkeypatch):
    monkeypatch.setattr(registers, "VOLUME_ROWS", 2)
    for n in range(2):
        received(cast, edition, at("2026-11-02 09:00"), limit_days="5", key=str(n))
    assert made(ordered(cast)).volumes().count() == 1


def test_a_worker_that_dies_leaves_no_gap_and_the_next_goes_on_behind(cast, edition, monkeypatch):
    monkeypatch.setattr(registers, "VOLUME_ROWS", 2)
    for n in range(5):
        received(cast, edition, at(f"2026-11-02 09:{n:02d}"), limit_days="5", key=str(n))
    run = ordered(cast)
    draw, calls = registers.register.draw_register, []

    def dies_in_the_second(*given, **named):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return draw(*given, **named)

    monkeypatch.setattr(registers.register, "draw_register", dies_in_the_second)
    made(run)
    assert (run.state, run.rows_done) == ("waiting", 2)
    made(run)
    assert (run.state, run.rows_done, run.attempts) == ("ready", 5, 2)
    assert [paper.number for paper in run.volumes()] == ["01/STD", "02/STD", "03/STD"]


def test_a_worker_that_was_killed_is_followed_and_one_that_lives_is_left_alone(cast, edition):
    received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    run = ordered(cast)
    PaperRun.objects.filter(pk=run.pk).update(state="running", attempts=1, heartbeat_at=NOW)
    assert made(run, NOW + timedelta(minutes=1)).rows_done == 0
    assert made(run, NOW + timedelta(minutes=10)).state == "ready"


def test_a_book_that_never_works_is_parked(cast):
    run = ordered(cast)
    PaperRun.objects.filter(pk=run.pk).update(attempts=registers.MOST_ATTEMPTS)
    assert made(run).state == "parked"
    assert not made(run).volumes().exists()


def test_asking_twice_makes_one(cast):
    assert ordered(cast) == ordered(cast)
    assert OutboxMessage.objects.filter(topic=registers.TOPIC).count() == 1


def test_what_cannot_be_a_book_is_refused_with_a_sentence(cast, edition, monkeypatch):
    with pytest.raises(Refused, match="Ngày cuối"):
        ordered(cast, since=NOVEMBER[1], until=NOVEMBER[0])
    with pytest.raises(Refused, match="một năm"):
        ordered(cast, since=date(2025, 1, 1))
    monkeypatch.setattr(registers, "MOST_ROWS", 1)
    for key in ("a", "b"):
        received(cast, edition, at("2026-11-02 09:00"), limit_days="5", key=key)
    with pytest.raises(Refused, match="khoảng ngắn hơn"):
        ordered(cast)


def test_who_reads_a_book(cast, edition):
    paper = made(ordered(cast)).volumes().get()
    for actor, reads in (
        (cast.counter, True),
        (cast.supervisor, False),
        (cast.officer, False),
        (cast.head, False),  # of another agency
        (cast.citizen, False),
    ):
        assert may_read_paper(actor, paper) is reads


def test_a_book_turns_pages_and_repeats_its_heads(cast, edition):
    for number in range(14):
        received(cast, edition, at(f"2026-11-02 09:{number:02d}"), limit_days="5", key=str(number))
    paper = made(ordered(cast)).volumes().get()
    pages = pages_of(content_of(paper), "book-pages")
    assert len(pages) > 1
    assert all("Cơ quan chủ trì" in page for page in pages)
    assert all(f"/track/paper/{paper.code}" in page for page in pages)
    assert "Cộng: 14 hồ sơ." in pages[-1]


def test_a_worker_is_called_until_the_book_is_done(cast):
    run = ordered(cast)
    messages = OutboxMessage.objects.filter(topic=registers.TOPIC)
    registers.enqueue_register({"run": run.pk})
    assert messages.count() == 2  # the one that ordered it, and the one that looks again
    made(run)
    registers.enqueue_register({"run": run.pk})
    assert messages.count() == 2
