"""A draft dossier on a new edition: what is kept, what is lost, what is asked anew."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from procedures.editions.carry_over import carry_over


def paper(key, name, **facts):
    return {"key": key, "name": name, "required": True, "kind": "submit", **facts}


OLD = {
    "cases": [{"key": "first", "name": "Cấp lần đầu"}, {"key": "again", "name": "Cấp lại"}],
    "fees": [{"per": "copy"}],
    "documents": [paper("form", "Tờ khai"), paper("licence", "Giấy phép cũ", case="again"), paper("map", "Bản vẽ")],
}


def test_nothing_changed_keeps_everything():
    result = carry_over(OLD, OLD, {"case": "again", "quantities": {"copy": 2}, "note": "x"}, ["form", "licence"])
    assert result.whole
    assert result.kept == {"case": "again", "quantities": {"copy": 2}, "note": "x"}
    assert result.documents == {"form": "form", "licence": "licence"}


def test_what_is_gone_is_told_and_what_is_new_is_asked():
    new = copy.deepcopy(OLD)
    new["cases"] = [{"key": "first", "name": "Cấp lần đầu"}]
    new["fees"] = [{"per": "dossier"}]
    new["documents"] = [paper("form", "Tờ khai"), paper("drawing", "Bản vẽ"), paper("photo", "Ảnh chân dung")]
    result = carry_over(OLD, new, {"case": "again", "quantities": {"copy": 2}}, ["form", "licence", "map"])
    assert [(lost.what, lost.key) for lost in result.lost] == [
        ("answer", "case"),
        ("answer", "quantities/copy"),
        ("document", "licence"),
    ]
    assert result.kept == {"case": "", "quantities": {}}
    assert result.documents == {"form": "form", "map": "drawing"}
    assert result.asked_anew == ("Trường hợp của bạn", "Ảnh chân dung")


def test_a_paper_of_another_case_is_not_asked():
    new = copy.deepcopy(OLD)
    new["documents"].append(paper("photo", "Ảnh", case="again"))
    assert carry_over(OLD, new, {"case": "first"}, []).asked_anew == ()
    assert carry_over(OLD, new, {"case": "again"}, []).asked_anew == ("Ảnh",)


keys = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(keys, unique=True), st.lists(keys, unique=True), st.lists(keys, unique=True))
def test_no_paper_vanishes_silently(before, after, held):
    old = {"fees": [], "documents": [paper(key, f"Giấy {key}") for key in before]}
    new = {"fees": [], "documents": [paper(key, f"Giấy {key}") for key in after]}
    result = carry_over(old, new, {}, held)
    assert set(result.documents) | {lost.key for lost in result.lost} == set(held)
    assert set(result.documents.values()) <= set(after)
