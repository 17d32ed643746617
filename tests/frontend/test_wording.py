"""Numbers, dates, durations and states as people write them, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation

from core import durations
from oss_portal.templatetags import portal

MOMENT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)  # 14:05 in Vietnam


@pytest.mark.parametrize(
    ("minutes", "full", "short"),
    [
        (0, "0 phút", "0 phút"),
        (45, "45 phút", "45 phút"),
        (200, "3 giờ 20 phút", "3 giờ"),
        (480, "1 ngày làm việc", "1 ngày"),
        (1140, "2 ngày làm việc 3 giờ", "2 ngày"),
        (-500, "1 ngày làm việc", "1 ngày"),
        (481, "1 ngày làm việc", "1 ngày"),
    ],
)
def test_working_time_in_words(minutes, full, short):
    with translation.override("vi"):
        assert (durations.in_full(minutes), durations.in_short(minutes)) == (full, short)


def test_money_dates_and_sizes():
    with translation.override("vi"):
        assert [portal.vnd(1_500_000), portal.vnd(0), portal.vnd(None)] == ["1.500.000\u00a0đ", "Miễn phí", ""]
        assert [portal.points(Decimal(p), 4) for p in ("1.2", "8", "0.7692", "20")] == ["1,2", "8", "0,7692", "20"]
        assert portal.vndate(MOMENT) == "Thứ Hai 23/11/2026"
        assert portal.vndatetime(MOMENT) == "14:05, Thứ Hai 23/11/2026"
        assert portal.vnday(date(2026, 2, 3)) == "03/02/2026"
        assert [portal.filesize(size) for size in (900, 2048, 2_516_582, 5 * 1024**3)] == [
            "900 B",
            "2 KB",
            "2,4 MB",
            "5,0 GB",
        ]
        assert [portal.percent(share) for share in (0.975, 0.29, None)] == ["97,5 %", "29,0 %", "–"]
    with translation.override("en"):
        assert portal.percent(0.889) == "88,9 %"
    with translation.override("en"):
        assert portal.vndate(MOMENT) == "Mon 23/11/2026"


def test_an_evening_in_vietnam_is_its_own_day():
    assert portal.vnday(datetime(2026, 11, 23, 20, 0, tzinfo=UTC)) == "24/11/2026"


def drawn(source: str, **context) -> str:
    with translation.override("vi"):
        return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('"early" 960 True', "Sớm hạn 2 ngày"),
        ('"on_time" 2000', "Trong hạn còn 4 ngày"),
        ('"on_time" 2000 True', "Đúng hạn"),
        ('"due_soon" 190', "Sắp đến hạn còn 3 giờ"),
        ('"overdue" -1100', "Quá hạn 2 ngày"),
        (
            '"overdue" 0',
            "Quá hạn chưa sang giờ làm việc mới",
        ),  # a Saturday after what fell due on Friday at closing time
        ('"overdue" 0 True', "Quá hạn chưa sang giờ làm việc mới"),
        ('"due_soon" 0', "Sắp đến hạn phải xong ngay"),
        ('"paused" whose="chờ người nộp"', "Tạm dừng chờ người nộp"),
    ],
)
def test_standing_is_word_and_shape(call, words):
    html = drawn("{% due_badge " + call + " %}")
    assert "<svg" in html
    text = " ".join(engines["django"].from_string("{{ h|striptags }}").render({"h": html}).split())
    assert text == words


def test_every_state_has_its_word_and_shape():
    for state in portal.State:
        assert "<svg" in drawn("{% state_tag state %}", state=state)
    assert "Thiếu giấy tờ" in drawn("{% state_tag 5 %}")
    assert "Yêu cầu bổ sung giấy tờ" in drawn("{% state_tag 5 legal=True %}")


def test_a_state_escapes_what_it_is_told():
    html = drawn('{% tone_tag "done" word more=word %}', word="<b>&")
    assert html.count("&lt;b&gt;&amp;") == 2
    assert "<svg" not in html


def test_sorting_turns_round_and_starts_again_from_the_first_page(rf):
    request = rf.get("/work/", {"sort": "due", "after": "x", "q": "khai sinh"})
    html = drawn('{% sort_head "due" "Hạn trả" %}', request=request)
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-due&amp;q=khai+sinh"' in html
    assert "aria-sort" not in drawn('{% sort_head "code" "Mã" %}', request=request)


def test_qr_has_nothing_that_the_content_policy_forbids():
    html = drawn('{% qr "https://example.vn/t/H05" %}')
    assert html.startswith("<svg")
    assert "style=" not in html
