"""An edition read in one statement is the one that the ORM reads table by table."""

from django.forms.models import model_to_dict

from procedures.editions.whole import whole_edition
from procedures.models import Edition, Procedure
from procedures.questionnaire.versions import form_of, questionnaire_in_force


def columns(record) -> dict:
    return {name: value for name, value in record.__dict__.items() if not name.startswith("_")}


def by_key(records) -> dict:
    return {record.pk: columns(record) for record in records}


def test_every_published_edition_is_read_as_it_is(db, django_assert_num_queries):
    published = Edition.objects.filter(status=Edition.Status.PUBLISHED).select_related("procedure", "field")
    for plain in published.prefetch_related("documents", "fee_lines"):
        with django_assert_num_queries(1):
            whole = whole_edition(plain.procedure.code)
            read = [list(whole.documents.all()), list(whole.fee_lines.all()), form_of(whole), whole.procedure.code]
        assert columns(whole) == columns(plain)
        assert model_to_dict(whole.field) == model_to_dict(plain.field)
        assert read[0] == sorted(read[0], key=lambda row: (row.position, row.pk))
        assert by_key(read[0]) == by_key(plain.documents.all())
        assert by_key(read[1]) == by_key(plain.fee_lines.all())
        form = questionnaire_in_force(plain.procedure_id)
        assert (form and columns(form)) == (read[2] and columns(read[2]))
        assert whole.procedure.search_text == plain.procedure.search_text  # asked for when it is wanted


def test_none_where_none_is_published(db):
    assert whole_edition("9.999999") is None
    Procedure.objects.create(code="9.999999", kind="central")
    assert whole_edition("9.999999") is None
