"""The public post over real HTTP with faults: one order for each thing, followed until somebody has signed for it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.refusals import Refused
from dossiers.models import Dossier, State
from exchange.connectors.post import orders
from exchange.models import PostOrder
from simulators.post.__main__ import Post
from simulators.post.book import Book, Fault
from tests.factories.dossiers import filed_online, received, to_result
from tests.factories.moments import at
from tests.factories.servers import serving

TO = {"name": "Nguyễn Thị Ánh", "phone": "0912345678", "address": "12 Nguyễn Gia Thiều"}


@pytest.fixture
def post(settings, db):
    book = Book("khoa")
    with serving(Post, book=book) as url:
        settings.POST_URL, settings.POST_KEY = url, "khoa"
        yield book


@pytest.fixture
def dossier(cast, edition):
    return filed_online(cast, edition, at("2026-11-23 09:00"))


def rounds(number: int = 1, begin=None) -> None:
    begin = begin or timezone.now()
    for n in range(number):
        orders.work_off(at=begin + timedelta(minutes=31 * n))


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(actor.account, backend="accounts.backends.AccountBackend")
    return client


def test_papers_are_fetched_and_signed_for(cast, dossier, post):
    page, client = reverse("dossier-post", args=[dossier.code]), signed_in(cast.counter)
    assert page in client.get(reverse("dossier", args=[dossier.code])).content.decode()
    assert client.post(page, {**TO, "kind": "pickup", "address": " "}).status_code == 422
    client.post(page, {**TO, "kind": "pickup"})
    assert client.post(page, {**TO, "kind": "pickup"}).status_code == 422, "one order for one thing"
    rounds()
    order = PostOrder.objects.get()
    assert (order.state, order.number, order.fee) == ("accepted", "BC000000001VN", 30_000)
    post.move(order.number, "DA_PHAT", signed_by="Trần Thị Nhận")
    rounds(1, timezone.now() + timedelta(minutes=40))
    shown = client.get(page).content.decode()
    assert "Trần Thị Nhận" in shown
    assert "30.000" in shown
    assert post.orders[order.number]["said"]["maHoSo"] == dossier.code
    assert signed_in(cast.officer).get(page).status_code == 403


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.LOST_ANSWER, Fault.NO_JSON])
def test_after_faults_there_is_one_order_at_the_post(cast, dossier, post, fault):
    orders.ask_order(dossier, "pickup", **TO, by=cast.counter, at=timezone.now())
    post.fault = fault
    rounds(2)
    assert PostOrder.objects.get().state == "waiting"
    post.fault = Fault.NONE
    rounds(4)
    assert PostOrder.objects.get().state == "accepted"
    assert len(post.orders) == 1


def test_what_the_post_refuses_is_said_in_its_words_and_can_be_ordered_anew(cast, dossier, post):
    post.fault = Fault.REFUSED
    orders.ask_order(dossier, "pickup", **TO, by=cast.counter, at=timezone.now())
    rounds()
    order = PostOrder.objects.get()
    assert (order.state, order.last_error) == ("refused", "Ngoài vùng phục vụ")
    orders.ask_order(dossier, "pickup", **TO, by=cast.counter, at=timezone.now())


def test_a_state_that_nobody_knows_changes_nothing(cast, dossier, post):
    orders.ask_order(dossier, "pickup", **TO, by=cast.counter, at=timezone.now())
    rounds()
    post.fault = Fault.UNKNOWN_STATE
    rounds(1, timezone.now() + timedelta(minutes=40))
    order = PostOrder.objects.get()
    assert order.state == "accepted"
    page = signed_in(cast.counter).get(reverse("dossier-post", args=[dossier.code])).content.decode()
    assert "cổng chưa biết nghĩa là gì. Hãy hỏi bưu chính" in page, "and somebody is told what to do"


def test_an_order_is_cancelled_at_the_post_too_and_not_once_it_moves(cast, dossier, post):
    order = orders.ask_order(dossier, "pickup", **TO, by=cast.counter, at=timezone.now())
    rounds()
    order.refresh_from_db()
    orders.cancel_order(order, by=cast.counter, at=timezone.now())
    assert post.orders[order.number]["trangThai"] == "DA_HUY"
    order.refresh_from_db()
    with pytest.raises(Refused):
        orders.cancel_order(order, by=cast.counter, at=timezone.now())


@pytest.mark.parametrize("kind", ["delivery", "", "x"])
def test_only_what_there_is_can_be_ordered(cast, dossier, post, kind):
    with pytest.raises(Refused):
        orders.ask_order(dossier, kind, **TO, by=cast.counter, at=timezone.now())


def test_a_result_is_brought_once_and_a_new_one_again(cast, edition, post):
    done = received(cast, edition, at("2026-11-23 09:00"))
    to_result(cast, done, at("2026-11-24 09:00"))
    Dossier.objects.filter(pk=done.pk).update(fee_amount=None)
    done.refresh_from_db()
    assert done.state == State.DONE
    order = orders.ask_order(done, "delivery", **TO, by=cast.counter, at=timezone.now())
    PostOrder.objects.filter(pk=order.pk).update(state="delivered")
    assert orders.kinds_for(done) == []
    with pytest.raises(Refused, match="đã phát kết quả này"):
        orders.ask_order(done, "delivery", **TO, by=cast.counter, at=timezone.now())
    done.finished_at = timezone.now() + timedelta(hours=1)  # issued anew after a correction
    assert orders.kinds_for(done) == ["delivery"]
