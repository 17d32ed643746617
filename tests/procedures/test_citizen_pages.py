"""The public pages as people get them, over HTTP."""

import pytest
from django.conf import settings

from procedures.public import statistics

QUERIES = 25


def test_start_page_searches_without_javascript(catalogue, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES):
        page = client.get("/").content.decode()
    assert 'action="/procedures/"' in page
    assert "/procedures/?event=birth" in page
    assert "Tháng này" not in page


def test_start_page_shows_the_share_that_a_room_above_knows(catalogue, client, monkeypatch):
    monkeypatch.setattr(statistics, "_providers", [])
    statistics.register_share(lambda at: statistics.OnTimeShare(finished=200, share=0.975))
    page = client.get("/").content.decode()
    assert "97,5 %" in page
    statistics.register_share(lambda at: statistics.OnTimeShare(finished=0, share=0))
    assert "Tháng này" not in client.get("/").content.decode()


def test_list_is_found_narrowed_and_paged(catalogue, client):
    page = client.get("/procedures/", {"q": "dang ky khai sinh"})
    assert page.context["cards"][0]["code"] == "1.001193"
    page = client.get("/procedures/", {"field": "civil_status", "level": "commune"})
    assert {card["field"] for card in page.context["cards"]} == {"Hộ tịch"}
    assert len(page.context["chips"]) == 2
    assert page.context["chips"][0]["remove_url"] == "/procedures/?level=commune"
    everything = client.get("/procedures/")
    assert len(everything.context["cards"]) == 20
    second = client.get(everything.context["next_url"])
    codes = {card["code"] for card in everything.context["cards"]}
    assert not codes & {card["code"] for card in second.context["cards"]}
    assert client.get("/procedures/", {"page": "9999999"}).status_code == 200
    assert "Không có thủ tục nào thật khớp" in client.get("/procedures/", {"q": "zzzzzz"}).content.decode()


def test_list_by_agency_takes_the_procedure_before_its_field(catalogue, client):
    page = client.get("/procedures/", {"agency": "land_registration"})
    assert page.context["total"] > 0
    assert {card["field"] for card in page.context["cards"]} <= {"Đất đai", "Đăng ký biện pháp bảo đảm"}


def test_query_counts_do_not_grow(catalogue, client, django_assert_max_num_queries):
    for address in ("/procedures/", "/procedures/?q=dang+ky", "/procedures/1.001193/", "/procedures/suggest?q=khai"):
        with django_assert_max_num_queries(QUERIES):
            assert client.get(address).status_code == 200


def test_procedure_page_in_plain_order(catalogue, client):
    page = client.get("/procedures/1.001193/").content.decode()
    places = [page.index(f'id="{part}"') for part in ("who", "prepare", "how-long", "how-much", "where", "result")]
    assert places == sorted(places)
    assert "KQ.G15.000031" in page
    assert "Không phải nộp khi dữ liệu đã có trong" in page
    assert "Cơ sở dữ liệu quốc gia về dân cư" in page
    assert "60/2014/QH13" in page


def test_a_unverified_limit_is_shown_as_to_be_confirmed(catalogue, client):
    assert "chờ xác nhận" in client.get("/procedures/1.001193/").content.decode()


def test_a_unverified_amount_is_never_shown_as_certain(catalogue, client):
    page = client.get("/procedures/1.012575/").content.decode()
    assert "Chờ xác nhận" in page
    assert "200.000\u00a0đ" not in page


def test_every_carried_page_opens_in_both_languages(catalogue, client):
    from procedures.models import Procedure

    for code in Procedure.objects.values_list("code", flat=True):
        assert client.get(f"/procedures/{code}/").status_code == 200, code
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/procedures/1.001193/").content.decode()
    assert "Birth registration" in page


@pytest.mark.parametrize("code", ["1.999999", "khai-sinh", "1.001193.H05.x", "\x00", "%25"])
def test_unknown_codes_are_not_found(catalogue, client, code):
    assert client.get(f"/procedures/{code}/").status_code == 404
    assert client.get(f"/p/{code}").status_code == 404


def test_short_link_leads_to_the_page(catalogue, client):
    answer = client.get("/p/1.001193")
    assert answer.status_code == 302
    assert answer.url == "/procedures/1.001193/"


def test_cases_choose_papers(catalogue, client):
    from procedures.models import Edition

    edition = Edition.objects.filter(documents__case="born_abroad").first()
    code = edition.procedure.code
    abroad = client.get(f"/procedures/{code}/", {"case": "born_abroad"}).context["to_submit"]
    here = client.get(f"/procedures/{code}/", {"case": "born_here"}).context["to_submit"]
    assert abroad != here
    assert client.get(f"/procedures/{code}/", {"case": "nonsense"}).status_code == 200


def test_suggestions_are_options_with_addresses(catalogue, client):
    page = client.get("/procedures/suggest", {"q": "khai sinh"}).content.decode()
    assert page.count('role="option"') == 8
    assert 'data-href="/procedures/1.001193/"' in page
    assert client.get("/procedures/suggest").content.decode().strip() == ""


def test_the_declaration_is_downloaded_empty_where_a_form_exists(catalogue, client):
    page = client.get("/procedures/1.001193/").content.decode()
    assert "/procedures/1.001193/form.pdf" in page
    answer = client.get("/procedures/1.001193/form.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    # A form that stands for none of the papers has a link of its own.
    assert "/procedures/2.000884/form.pdf" in client.get("/procedures/2.000884/").content.decode()
    assert client.get("/procedures/1.013997/form.pdf").status_code == 404
    assert client.get("/procedures/9.999999/form.pdf").status_code == 404


def test_every_procedure_received_here_shows_its_steps(catalogue, client):
    page = client.get("/procedures/1.001193/")
    names = [step["name"] for step in page.context["steps"]]
    assert len(names) >= 3
    assert all(name in page.content.decode() for name in names)
    assert [step["name"] for step in client.get("/procedures/2.000986/").context["steps"]][3].startswith("Chuyển hồ sơ")
