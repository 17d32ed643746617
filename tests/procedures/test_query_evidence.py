"""What a controller sees before deciding an open query, and which queries may be decided together."""

import json

import pytest

from accounts.models import StaffPost
from procedures.importing.run import import_file
from procedures.models import Confirmation
from procedures.review import evidence, queries
from tests.factories.catalogue import AT, row
from tests.procedures.pages import enter_as

STEPS = "Trong thời hạn 07 ngày kể từ ngày nhận đơn, xã thẩm định. Trong 3 ngày làm việc, chủ tịch ký. Niêm yết 5 ngày."


@pytest.fixture
def controller(catalogue, client):
    return enter_as(client, StaffPost.Role.CONTROLLER)


@pytest.fixture
def offered(catalogue, tmp_path):
    def offer(*rows):
        path = tmp_path / "extract.jsonl"
        path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
        return import_file(path, "test", AT)

    return offer


@pytest.mark.parametrize(
    ("steps", "named", "total"),
    [
        (STEPS, ("7 ngày", "3 ngày làm việc", "5 ngày"), "12 ngày + 3 ngày làm việc"),
        ("Cán bộ xem hồ sơ rồi trả ngay.", (), ""),
        ("", (), ""),
    ],
)
def test_times_that_the_steps_name_are_added_up_unit_by_unit(steps, named, total):
    found = evidence.step_times({"steps": steps})
    assert (found.named, found.total) == (named, total)


def test_a_limit_is_judged_beside_the_steps_their_sum_and_the_source(controller, offered):
    offered(row(field="Hộ tịch", channels_raw="Trực tiếp1Miễn phí", steps=STEPS))
    open_query = queries.undecided_queries().get(kind="time_without_unit")
    page = controller.get(f"/manage/queries/{open_query.pk}/").content.decode()
    assert "xã thẩm định" in page
    assert "12 ngày + 3 ngày làm việc" in page
    assert "Tại quầy" in page
    assert "tệp nhập vào" in page  # the source's name, not its key


def test_each_row_names_the_way_of_filing_or_the_paper(controller, offered):
    documents = [{"case": "Giấy tờ phải nộp", "name": "Đơn đề nghị", "originals": 0, "copies": 0}]
    offered(row(field="Hộ tịch", channels_raw="Trực tiếp1Miễn phíTrực tuyến1Miễn phí", documents=documents))
    page = controller.get("/manage/queries/?kind=time_without_unit").content.decode()
    assert '<span class="oss-muted">Tại quầy</span>' in page
    assert '<span class="oss-muted">Trực tuyến</span>' in page
    assert "Đơn đề nghị" in controller.get("/manage/queries/?kind=document_without_number").content.decode()


def test_only_what_the_rule_makes_equal_is_taken_together(controller, offered):
    said, other = "Trực tiếp1Miễn phíTrong 1 ngày làm việc", "Trực tiếp3Miễn phíKhông quá 1 ngày làm việc"
    offered(
        *[row(code=f"1.90040{n}", field="Hộ tịch", channels_raw=said) for n in range(2)],
        row(code="1.900409", field="Hộ tịch", channels_raw=other),
    )
    found = queries.undecided_queries().filter(kind="time_without_unit")
    assert found.count() == 3
    assert (
        len({json.dumps(open_query.proposal) for open_query in found}) == 1
    )  # one proposal, but two sentences of the source
    first = found.get(procedure__code="1.900400")
    assert set(queries.queries_alike(first).values_list("procedure__code", flat=True)) == {"1.900400", "1.900401"}
    page = controller.get("/manage/queries/?kind=time_without_unit")
    assert [group["number"] for group in page.context["groups"]] == [2]
    assert str(queries.EQUAL_RULE) in page.content.decode()
    controller.post("/manage/queries/accept/", {"alike": first.pk, "kind": first.kind})
    assert Confirmation.objects.get().items.count() == 2


def test_queries_without_words_of_the_source_are_judged_one_by_one(controller):
    found = queries.undecided_queries().filter(kind="limit_to_be_confirmed", raw="", procedure__kind="receivable")
    assert found.count() > 1
    for open_query in found:
        assert queries.queries_alike(open_query).get() == open_query
    assert controller.get("/manage/queries/?kind=limit_to_be_confirmed").context["groups"] == []
