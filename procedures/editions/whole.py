"""The published edition of a procedure with all that a filing asks of it, in one statement worded once."""

from django.db import connection

from core.children import keep_children, read_records
from core.versions import Status
from procedures.models import Edition, FeeLine, Field, Procedure, Questionnaire, RequiredDocument
from procedures.questionnaire.versions import keep_form

_SQL = """
    SELECT
        json_build_array(edition)::text,
        json_build_array(json_build_object(
            'id', procedure.id, 'code', procedure.code, 'kind', procedure.kind, 'current_id', procedure.current_id
        ))::text,
        json_build_array(field)::text,
        (SELECT json_agg(paper ORDER BY paper.position, paper.id)::text FROM procedures_requireddocument AS paper
         WHERE paper.edition_id = edition.id),
        (SELECT json_agg(line ORDER BY line.position, line.id)::text FROM procedures_feeline AS line
         WHERE line.edition_id = edition.id),
        (SELECT json_agg(form)::text FROM procedures_questionnaire AS form
         WHERE form.procedure_id = procedure.id AND form.status = %s)
    FROM procedures_procedure AS procedure
    JOIN procedures_edition AS edition ON edition.procedure_id = procedure.id AND edition.status = %s
    JOIN procedures_field AS field ON field.id = edition.field_id
    WHERE procedure.code = %s
"""


def whole_edition(code: str) -> Edition | None:
    """The edition in force of the procedure `code`, with its field, papers, fees and form; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [Status.IN_FORCE, Edition.Status.PUBLISHED, code])
        found = cursor.fetchone()
    if found is None:
        return None
    row, procedure, field, papers, lines, form = found
    (edition,) = read_records(Edition, row)
    (edition.procedure,) = read_records(Procedure, procedure)
    (edition.field,) = read_records(Field, field)
    keep_children(edition.documents, read_records(RequiredDocument, papers))
    keep_children(edition.fee_lines, read_records(FeeLine, lines))
    keep_form(edition, next(iter(read_records(Questionnaire, form)), None))
    return edition
