"""What a counter meets on any morning: somebody withdraws, a result is posted, a card says more, a page is stale."""

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.custody import folders
from dossiers.forms.action import ActionForm, consultable, effects_of, elsewhere
from dossiers.lifecycle import TABLE, Refused, execute_transition
from dossiers.models import Dossier, Folder, ReturnMethod, State
from tests.factories.dossiers import received, to_result
from tests.factories.moments import at
from tests.factories.people import staff_actor

NOW = at("2025-11-24 10:00")
BACKEND = "accounts.backends.AccountBackend"


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(actor.account, backend=BACKEND)
    return client


@pytest.fixture
def dossier(cast, edition) -> Dossier:
    return received(cast, edition, at("2025-11-24 09:00"), limit_days="5")


def test_a_walk_in_withdraws_at_the_counter_and_is_named(cast, dossier):
    page = signed_in(cast.counter)
    address = reverse("dossier-act", args=[dossier.code, "withdraw"])
    assert 'name="requested_by"' in page.get(address).content.decode()
    unnamed = page.post(address, {"revision": dossier.revision, "reason": "Không cần nữa"})
    assert unnamed.status_code == 422
    assert "Không cần nữa" in unnamed.content.decode()
    given = {"revision": dossier.revision, "reason": "Không cần nữa", "requested_by": "Nguyễn Thị Ánh, 027190000011"}
    assert page.post(address, given).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == State.WITHDRAWN
    assert dossier.events.last().facts["requested_by"] == given["requested_by"]
    event = execute_transition(dossier, "stop", cast.counter, at=at("2025-11-24 11:00"))
    from papers.models import Paper

    assert Paper.objects.get(code=event.facts["papers"][0]).facts["asked_by"] == given["requested_by"]


def test_an_applicants_own_page_asks_for_no_requester(cast, dossier):
    assert "requested_by" not in ActionForm(TABLE["withdraw"], dossier).fields
    asked = ActionForm(TABLE["withdraw"], dossier, at_counter=True).fields["requested_by"]
    assert asked.required, "staff must say it: the page does not call it optional"
    execute_transition(dossier, "withdraw", cast.citizen, at=NOW, reason="Thôi")
    assert dossier.state == State.WITHDRAWN


def test_a_result_is_posted_only_from_where_it_lies(cast, edition):
    dossier = received(cast, edition, at("2025-11-24 09:00"), limit_days="5")
    Dossier.objects.filter(pk=dossier.pk).update(return_method=ReturnMethod.POST, return_address="12 Nguyễn Gia Thiều")
    dossier.refresh_from_db()
    to_result(cast, dossier, NOW)
    Dossier.objects.filter(pk=dossier.pk).update(fee_settled_at=NOW)
    dossier.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "return_result", cast.counter, at=NOW, tracking_number="EB123")
    assert refusal.value.code == "result_elsewhere"
    assert cast.agency.local_name in str(refusal.value.sentence)
    folder = dossier.folders.get(kind=Folder.Kind.RESULT)
    here = folders.location_of(cast.counter.post)
    folders.move_folders(folder, here, by="quầy", at=NOW, how=folders.How.RECEIVED)
    execute_transition(dossier, "return_result", cast.counter, at=NOW, tracking_number="EB123")
    assert dossier.state == State.RETURNED


def ask(cast, dossier, kind, **said):
    return execute_transition(dossier, "ask_correction", cast.counter, at=NOW, kind=kind, reason="Ghi nhầm", **said)


def confirm(cast, dossier):
    execute_transition(dossier, "confirm_correction", cast.leader, at=NOW)


def test_a_telephone_is_put_right_and_found(cast, dossier):
    with pytest.raises(Refused, match="không hợp lệ"):
        ask(cast, dossier, "phone", value="12")
    ask(cast, dossier, "phone", value="0977 111 222")
    confirm(cast, dossier)
    assert Dossier.objects.get(pk=dossier.pk).contact_phone == "0977111222"


def test_the_way_of_return_is_put_right(cast, dossier):
    Dossier.objects.filter(pk=dossier.pk).update(contact_address="", return_address="")
    dossier.refresh_from_db()
    with pytest.raises(Refused, match="địa chỉ"):
        ask(cast, dossier, "return", return_method="post")
    with pytest.raises(Refused, match="đúng như vậy"):
        ask(cast, dossier, "return", return_method=dossier.return_method)
    ask(cast, dossier, "return", return_method="post", return_address="5 Lý Thái Tổ")
    confirm(cast, dossier)
    assert (dossier.return_method, dossier.return_address) == ("post", "5 Lý Thái Tổ")
    event = dossier.events.last()
    assert event.facts["new"] == {"method": "post", "address": "5 Lý Thái Tổ"}


@pytest.mark.parametrize("wrong", [{"originals": 100}, {"copies": "x"}, {"document": "abc"}, {"document": 0}])
def test_counts_that_cannot_be(cast, dossier, wrong):
    line = dossier.documents.first()
    said = {"document": line.pk, "originals": 2, "copies": 1, **wrong}
    with pytest.raises(Refused) as refusal:
        ask(cast, dossier, "counts", **said)
    assert refusal.value.field == next(iter(wrong))


def test_counts_are_put_right_by_two_people(cast, dossier):
    line = dossier.documents.first()
    ask(cast, dossier, "counts", document=line.pk, originals=2, copies=3)
    page = signed_in(cast.leader).get(reverse("dossier-act", args=[dossier.code, "confirm_correction"]))
    assert "2 bản chính, 3 bản sao" in page.content.decode()
    confirm(cast, dossier)
    line.refresh_from_db()
    assert (line.originals, line.copies) == (2, 3)


def test_the_right_agency_is_chosen_by_its_name(cast, dossier):
    page = signed_in(cast.counter)
    address = reverse("dossier-act", args=[dossier.code, "ask_correction"])
    other = cast.consulted.post.agency
    assert other.local_name in page.get(address).content.decode()
    given = {"revision": dossier.revision, "kind": "agency", "agency": other.pk, "reason": "Chuyển nhầm"}
    assert page.post(address, given).status_code == 302
    confirm(cast, dossier)
    assert dossier.events.last().facts["new"] == other.code
    dossier.refresh_from_db()
    assert dossier.settling_agency == other


def test_a_ward_may_consult_another_ward(cast, dossier):
    from agencies.models import Agency

    other = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk).first()
    staff_actor("phuongkhac", other, "officer")
    assert other not in consultable(dossier)
    assert other in elsewhere(dossier)
    execute_transition(dossier, "take", cast.officer, at=NOW)
    page = signed_in(cast.officer)
    address = reverse("dossier-act", args=[dossier.code, "ask_opinion"])
    given = {"revision": dossier.revision, "question": "Đề nghị xác minh", "limit_days": "1"}
    none = page.post(address, given)
    assert none.status_code == 422
    assert "ít nhất một cơ quan" in none.content.decode()
    assert page.post(address, {**given, "other_agencies": other.pk}).status_code == 302
    assert dossier.opinions.get().agency == other


def test_another_address_on_the_card_is_shown_and_decided(cast):
    person, page = cast.person, signed_in(cast.counter)
    card = f"{person.personal_number}||{person.full_name}|01011990|Nữ|5 Lý Thái Tổ, Bắc Ninh|01012022"
    found = page.post(reverse("desk"), {"who": card}, follow=True)
    text = found.content.decode()
    assert "Địa chỉ trên thẻ khác" in text
    assert person.address in text
    address = found.context["other_address"]
    page.post(reverse("desk-card-address"), {"owner": found.context["owner_reference"], "address": address})
    person.refresh_from_db()
    assert person.address == "5 Lý Thái Tổ, Bắc Ninh"
    again = page.post(reverse("desk"), {"who": card}, follow=True)
    assert "Địa chỉ trên thẻ khác" not in again.content.decode()


def test_a_stale_page_shows_again_what_was_typed_and_can_be_sent(cast, dossier):
    execute_transition(dossier, "take", cast.officer, at=NOW)
    drawn = dossier.revision
    execute_transition(dossier, "remind", cast.head, at=NOW)
    page = signed_in(cast.officer)
    address = reverse("dossier-act", args=[dossier.code, "ask_supplement"])
    given = {"revision": drawn, "items": "Bản sao căn cước", "reason": "Thiếu giấy tờ đã nêu"}
    stale = page.post(address, given)
    text = stale.content.decode()
    assert stale.status_code == 409
    assert "Thiếu giấy tờ đã nêu" in text
    assert "Bản sao căn cước" in text
    assert cast.head.label.split(",")[0] in text
    assert page.post(address, {**given, "revision": stale.context["form"]["revision"].value()}).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).state == State.SUPPLEMENT


def test_a_page_no_longer_open_shows_what_was_typed_too(cast, dossier):
    execute_transition(dossier, "take", cast.officer, at=NOW)
    drawn = dossier.revision
    execute_transition(dossier, "verify", cast.officer, at=NOW)
    address = reverse("dossier-act", args=[dossier.code, "ask_supplement"])
    stale = signed_in(cast.officer).post(address, {"revision": drawn, "items": "Bản vẽ", "reason": "Thiếu bản vẽ"})
    assert stale.status_code == 409
    assert "Thiếu bản vẽ" in stale.content.decode()


def test_a_citizens_stale_page_shows_again_what_was_typed(cast, dossier):
    drawn = dossier.revision
    execute_transition(dossier, "remind", cast.head, at=NOW)
    page = signed_in(cast.citizen)
    address = reverse("my-dossier-act", args=[dossier.uid, "withdraw"])
    stale = page.post(address, {"revision": drawn, "reason": "Tôi đổi ý vì đã bán nhà"})
    assert stale.status_code == 422
    assert "Tôi đổi ý vì đã bán nhà" in stale.content.decode()
    again = page.post(address, {"revision": stale.context["form"]["revision"].value(), "reason": "Tôi đổi ý"})
    assert again.status_code == 302
    closed = page.post(address, {"revision": drawn, "reason": "Tôi đổi ý lần nữa"})
    assert closed.status_code == 409
    assert "Tôi đổi ý lần nữa" in closed.content.decode()


def test_every_action_says_whom_it_notifies():
    for rule in TABLE.values():
        assert all(effects_of(rule)), rule.action


def test_a_clock_that_has_not_begun_is_not_said_to_run_on_or_to_stop():
    came, later = Dossier(), Dossier(received_at=at("2026-11-23 09:10"))
    assert "từ khi hồ sơ được tiếp nhận" in effects_of(TABLE["answer_supplement"], came)[0]
    assert effects_of(TABLE["answer_supplement"], later)[0] == "Thời hạn chạy tiếp."
    assert not any("Thời hạn" in sentence for sentence in effects_of(TABLE["stop"], came))


def test_more_time_than_the_limit_itself_is_asked_for_twice(cast, dossier):
    page = signed_in(cast.leader)
    address = reverse("dossier-act", args=[dossier.code, "extend"])
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "extend", cast.leader, at=at("2025-11-24 09:30"), amount="50", reason="Phức tạp")
    assert (refusal.value.code, refusal.value.field) == ("longer_than_limit", "amount")
    assert 'name="longer"' not in page.get(address).content.decode()
    form = ActionForm(TABLE["extend"], dossier, {"amount": "50", "reason": "x", "revision": dossier.revision})
    assert form.is_valid()
    form.refuse(refusal.value)
    assert "longer" in form.fields
    execute_transition(
        dossier, "extend", cast.leader, at=at("2025-11-24 09:30"), amount="50", reason="Phức tạp", longer=True
    )
    assert dossier.extension_amount == 50
