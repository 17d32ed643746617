"""Rows read from an edition's facts: limits, fee lines, papers and open queries, for queries and for other apps."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from procedures.editions.document import Facts, free_channels, queries_of
from procedures.models import (
    FREE,
    Competence,
    Edition,
    FactState,
    FeeLine,
    Field,
    OpenQuery,
    Procedure,
    RequiredDocument,
    Term,
)
from vietnam.text import fold, sort_key

BATCH = 500


def write_rows(editions: list[Edition]) -> None:
    """Insert the rows of new editions."""
    _write_facts(editions)
    OpenQuery.objects.bulk_create([row for e in editions for row in _open_queries(e)], batch_size=BATCH)


def write_open_queries(edition: Edition) -> None:
    """Insert the open queries of an edition whose other rows were written while it was a draft."""
    OpenQuery.objects.bulk_create(_open_queries(edition), batch_size=BATCH)


def rewrite_rows(draft: Edition) -> None:
    """Read a draft's rows anew from its facts, so that it can be looked at and tried like any edition."""
    for rows in (draft.terms, draft.fee_lines, draft.documents):
        rows.all().delete()
    _write_facts([draft])


def _write_facts(editions: list[Edition]) -> None:
    """Insert limits, fee lines and papers."""
    Term.objects.bulk_create([row for e in editions for row in _terms(e)], batch_size=BATCH)
    lines = [row for e in editions for row in (*_fee_lines(e), *_free_lines(e))]
    FeeLine.objects.bulk_create(lines, batch_size=BATCH)
    RequiredDocument.objects.bulk_create([row for e in editions for row in _documents(e)], batch_size=BATCH)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def analyse_tables() -> None:
    """Let the database count anew after a load: until it does, it plans as if the tables were empty."""
    with connection.cursor() as cursor:
        for model in (Procedure, Edition, Term, FeeLine, RequiredDocument, OpenQuery, Competence, Field):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def write_fields(fields: Iterable[Facts]) -> None:
    """Insert fields of administration that are new, and an English name where one was missing."""
    given = list(fields)
    Field.objects.bulk_create(
        [
            Field(
                key=field["key"],
                name=field["name"],
                name_en=field.get("name_en", ""),
                search_key=fold(field["name"])[:200],
                sort_key=sort_key(field["name"])[:600],
            )
            for field in given
        ],
        ignore_conflicts=True,
    )
    for field in given:
        if field.get("name_en"):
            Field.objects.filter(key=field["key"], name_en="").update(name_en=field["name_en"])


def _terms(edition: Edition) -> list[Term]:
    return [
        Term(
            edition=edition,
            case=term.get("case", ""),
            channel=channel,
            amount=term["amount"],
            unit=term["unit"] or "",
            after_15h_next_day=term.get("after_15h_next_day", False),
            state=term["state"],
            note=term.get("note", ""),
            note_en=term.get("note_en", ""),
            raw=term.get("raw", ""),
        )
        for term in edition.facts["terms"]
        for channel in term["channels"]
    ]


def _fee_lines(edition: Edition) -> list[FeeLine]:
    return [
        FeeLine(
            edition=edition,
            position=position,
            case=fee.get("case", ""),
            channel=channel,
            kind=fee["kind"],
            name=fee["name"][:300],
            name_en=fee.get("name_en", "")[:300],
            amount=fee["amount"],
            per=fee["per"],
            counts_from=fee.get("counts_from"),
            counts_to=fee.get("counts_to"),
            each=fee.get("each", ""),
            at_most=fee.get("at_most"),
            exempt=fee.get("exempt", ""),
            exempt_en=fee.get("exempt_en", ""),
            exemptions=fee.get("exemptions", []),
            value_from=fee.get("value_from"),
            value_below=fee.get("value_below"),
            valid_from=_day(fee.get("valid_from")),
            valid_to=_day(fee.get("valid_to")),
            legal_basis=fee.get("legal_basis", "")[:60],
            on_request=fee.get("on_request", False),
            set_by=fee.get("set_by", ""),
            state=fee["state"],
            raw=fee.get("raw", ""),
        )
        for position, fee in enumerate(edition.facts["fees"])
        for channel in fee["channels"]
    ]


def _free_lines(edition: Edition) -> list[FeeLine]:
    """Where nothing is paid a line says so, with how sure that is."""
    free, position = edition.facts.get("free"), len(edition.facts["fees"])
    state = free["state"] if isinstance(free, dict) else FactState.CONFIRMED
    return [
        FeeLine(edition=edition, position=position, channel=channel, kind=FREE, name="Miễn phí", amount=0, state=state)
        for channel in free_channels(edition.facts)
    ]


def _documents(edition: Edition) -> list[RequiredDocument]:
    return [
        RequiredDocument(
            edition=edition,
            key=document["key"],
            position=position,
            case=document.get("case", ""),
            name=document["name"],
            name_en=document.get("name_en", ""),
            originals=document["originals"],
            copies=document["copies"],
            required=document["required"],
            show_only=document["kind"] == "show",
            when=document.get("when", ""),
            when_en=document.get("when_en", ""),
            form=(document.get("form") or "")[:300],
            issued_as=document.get("issued_as") or "",
            **_replaced_by(document.get("replaced_by_data", {})),
            secret=document.get("secret", False),
            verification=document.get("verification", False),
            from_store=document.get("from_store", False),
            template=document.get("template", ""),
            state=document["state"],
        )
        for position, document in enumerate(edition.facts["documents"])
    ]


def _replaced_by(said: Facts) -> dict[str, str]:
    """The database of a paper's data, in the column that says whether it replaces the whole paper."""
    return {"partly_replaced_by" if said.get("partly") else "replaced_by": said.get("database", "")[:300]}


def _open_queries(edition: Edition) -> list[OpenQuery]:
    return [
        OpenQuery(
            procedure_id=edition.procedure_id,
            edition=edition,
            kind=open_query["kind"],
            path=open_query["path"],
            raw=open_query.get("raw", ""),
            proposal=open_query.get("proposal"),
        )
        for open_query in queries_of(edition.facts)
    ]
