"""The builder: rows of the page, and the way into force by a second person."""

import pytest
from django.urls import reverse

from procedures.editions import bundled
from procedures.models import Procedure, Questionnaire
from procedures.questionnaire import building, versions
from procedures.questionnaire.layout import Layout, read_layout, write_layout
from tests.factories.people import signed_in, staff_actor

CODE = "1.013228"


def forms():
    for path in sorted((bundled.CATALOGUE / "forms").glob("*.yaml")):
        yield from bundled.yaml_data(path)["forms"]


@pytest.mark.parametrize("form", forms(), ids=lambda form: form["procedure"])
def test_what_the_page_shows_is_read_back_as_the_same_layout(form):
    layout = read_layout(form)
    rows = building.rows_of(layout)
    data = {"rows": str(len(rows))}
    for n, row in enumerate(rows):
        for name, value in row.items():
            if name == "parts":
                data |= {f"r{n}-part-{part}": choice for part, choice in value.items()}
            elif value is not False:
                data[f"r{n}-{name}"] = "1" if value is True else value
    built, errors = building.finished(layout, building.posted(data))
    assert not errors
    assert write_layout(built) == write_layout(layout)


def test_buttons_add_move_and_take_away():
    rows = building.rows_of(Layout("T"))
    building.pressed(rows, "section-1")
    building.pressed(rows, "add-1")
    building.pressed(rows, "add-2")
    assert [row["row"] for row in rows] == ["section", "question", "question"]
    rows[1]["label"], rows[2]["label"] = "Họ và tên", "Họ và tên"
    building.pressed(rows, "up-3")
    building.pressed(rows, "up-1")
    building.pressed(rows, "remove-9")
    building.pressed(rows, "remove-x")
    built, _errors = building.finished(Layout("T"), rows)
    assert [question.id for _s, question in built.questions()] == ["ho_va_ten", "ho_va_ten_2"]
    building.pressed(rows, "remove-2")
    assert len(rows) == 2


def test_lines_of_choices_and_columns_are_read_with_and_without_keys():
    rows = [building.new_section(), building.new_question(), building.new_question()]
    rows[1] |= {"kind": "choice", "label": "Chọn", "options": "one = Một | One\nHai"}
    rows[2] |= {
        "kind": "rows",
        "label": "Bảng",
        "columns": "text: Tên\nsex? = choice[Nam/Male; Nữ/Female]: Giới tính | Sex\nxấu",
    }
    built, errors = building.finished(Layout("T"), rows)
    choice, table = (question for _s, question in built.questions())
    assert [(o.key, o.label, o.label_en) for o in choice.options] == [("one", "Một", "One"), ("hai", "Hai", "")]
    assert [(c.id, c.kind, c.required) for c in table.columns] == [("ten", "text", True), ("sex", "choice", False)]
    assert [o.label_en for o in table.columns[1].options] == ["Male", "Female"]
    assert [field for field, _sentence in errors] == ["r2-columns"]


@pytest.fixture
def pages(catalogue):
    """Two catalogue controllers, each signed in."""
    made = []
    for name in ("danhmuc.mot", "danhmuc.hai"):
        client = signed_in(staff_actor(name, "office", "controller"))
        made.append(client)
    return made


def press(client, draft, do, **more):
    """A button under the version, on a page as it is now."""
    draft.refresh_from_db()
    return client.post(
        reverse("manage-form", args=[CODE, draft.pk]), {"do": do, "revision": str(draft.revision), **more}
    )


def built(**changed):
    return {
        "revision": "0",
        "rows": "3",
        "title": "Tờ khai cấp lại",
        "title_en": "Form",
        "content": "Cấp lại giấy phép số {so_giay_phep}",
        "r0-row": "section",
        "r0-title": "Giấy phép",
        "r1-row": "question",
        "r1-kind": "text",
        "r1-label": "Số giấy phép",
        "r1-required": "1",
        "r2-row": "question",
        "r2-kind": "yes_no",
        "r2-label": "Đã mất?",
        **changed,
    }


def test_a_form_is_built_checked_and_put_in_force_by_a_second_person(pages):
    author, second = pages
    author.post(reverse("manage-form-start", args=[CODE]))
    draft = Questionnaire.objects.get(procedure__code=CODE)
    edit = reverse("manage-form-edit", args=[CODE, draft.pk])
    answer = author.post(edit, built(do="add-3"))
    assert answer.status_code == 200
    assert 'name="r3-label"' in answer.content.decode()
    assert author.post(edit, built(do="save")).status_code == 302
    draft.refresh_from_db()
    assert set(read_layout(draft.layout).by_id()) == {"so_giay_phep", "da_mat"}
    assert press(author, draft, "submit").status_code == 302
    assert press(author, draft, "force").status_code == 409
    preview = reverse("manage-form-preview", args=[CODE, draft.pk])
    assert second.post(preview, {"so_giay_phep": ""}).status_code == 422
    tried = second.post(preview, {"so_giay_phep": "12/GPXD"}).content.decode()
    assert "Cấp lại giấy phép số 12/GPXD" in tried
    assert second.get(reverse("manage-form-print", args=[CODE, draft.pk])).content.startswith(b"%PDF")
    assert press(second, draft, "force").status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("in_force", 1)
    assert draft.rules["required"] == ["so_giay_phep"]
    assert author.get(edit).status_code == 302  # in force: never changed
    for name in ("manage-forms-of", "manage-form"):
        args = [CODE] if name == "manage-forms-of" else [CODE, draft.pk]
        assert author.get(reverse(name, args=args)).status_code == 200
    # A later version replaces it and keeps the ids.
    author.post(reverse("manage-form-start", args=[CODE]), {"source": str(draft.pk)})
    later = Questionnaire.objects.get(procedure__code=CODE, status="draft")
    assert later.layout == draft.layout
    press(author, later, "submit")
    press(second, later, "force")
    draft.refresh_from_db()
    assert draft.status == "replaced"
    assert versions.questionnaire_in_force(Procedure.objects.get(code=CODE).pk).number == 2


def test_a_wrong_form_is_refused_in_words_and_its_preview_says_why(pages):
    author, second = pages
    author.post(reverse("manage-form-start", args=[CODE]))
    draft = Questionnaire.objects.get(procedure__code=CODE)
    wrong = built(do="save", **{"r2-kind": "computed", "r2-formula": "sum(khong_co)"})
    author.post(reverse("manage-form-edit", args=[CODE, draft.pk]), wrong)
    answer = press(author, draft, "submit")
    assert answer.status_code == 409
    assert "công thức" in answer.content.decode()
    assert "công thức" in second.get(reverse("manage-form-preview", args=[CODE, draft.pk])).content.decode()


def test_sent_garbage_never_breaks_the_builder(pages):
    author, _second = pages
    author.post(reverse("manage-form-start", args=[CODE]))
    draft = Questionnaire.objects.get(procedure__code=CODE)
    edit = reverse("manage-form-edit", args=[CODE, draft.pk])
    for rows in ("", "-1", "999999", "x\x00", "3"):
        garbage = built(
            rows=rows, do="up-0", **{"r1-kind": "person", "r1-part-name": "\x00", "r2-kind": "rows", "r2-kept": "[1]"}
        )
        assert author.post(edit, garbage).status_code == 200
    broken = built(do="save", **{"r1-kind": "number", "r1-least": "nhiều"})
    assert author.post(edit, broken).status_code == 422


def test_the_second_of_two_editors_is_told_and_neither_may_put_it_in_force(pages):
    author, other = pages
    author.post(reverse("manage-form-start", args=[CODE]))
    draft = Questionnaire.objects.get(procedure__code=CODE)
    edit = reverse("manage-form-edit", args=[CODE, draft.pk])
    assert other.post(edit, built(do="save", title="Bản của người kia")).status_code == 302
    answer = author.post(edit, built(do="save", title="Bản của tôi"))
    assert answer.status_code == 409
    assert "danhmuc.hai" in answer.content.decode()
    assert 'value="Bản của tôi"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.layout["title"] == "Bản của người kia"
    press(author, draft, "submit")
    for writer in pages:
        assert press(writer, draft, "force").status_code == 409
