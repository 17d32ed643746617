"""Which papers a filing needs: the one answer that pages, filing, counter and API give.

A paper that data replace, or that the agency itself obtains, is not demanded of anybody and may still be handed in;
one that the filled-in declaration is need not be sent once more.
"""

from collections.abc import Collection
from enum import StrEnum

from django.db.models import Q

from procedures.models import Edition, RequiredDocument


class Need(StrEnum):
    DEMANDED = "demanded"
    IF_ANY = "if_any"  # the condition is in words (`when`), so people judge it
    SHOWN = "shown"  # only shown, never handed in
    BY_DATA = "by_data"  # a database says what the paper would
    BY_AGENCY = "by_agency"  # a verification that the agency obtains
    BY_FORM = "by_form"  # the declaration that is filled in here


def need_of_paper(paper: RequiredDocument, *, filled: str = "", wanted: Collection[str] = ()) -> Need:
    """`filled` is the key of the paper that the filled-in form is; `wanted` are keys that answers of it ask for."""
    if filled and paper.key == filled:
        return Need.BY_FORM
    if paper.show_only:
        return Need.SHOWN
    if paper.verification:
        return Need.BY_AGENCY
    if paper.replaced_by:
        return Need.BY_DATA
    return Need.DEMANDED if paper.required or paper.key in wanted else Need.IF_ANY


def not_digitised(line: str = "") -> Q:
    """Papers that need no file and enter no register: only to be shown, an agency's reply to a verification, secret.

    `line` is the path to the paper from the rows that are asked, such as ``required_document__``.
    """
    return Q(**{f"{line}show_only": True}) | Q(**{f"{line}verification": True}) | Q(**{f"{line}secret": True})


def papers_of_case(edition: Edition, case: str) -> list[RequiredDocument]:
    """The papers of every case and of this one, in their order."""
    return [paper for paper in edition.documents.all() if paper.case in ("", case)]


def demanded_papers(
    edition: Edition, case: str, *, filled: str = "", wanted: Collection[str] = ()
) -> list[RequiredDocument]:
    """Without these a dossier of the case is not complete."""
    return [
        paper
        for paper in papers_of_case(edition, case)
        if need_of_paper(paper, filled=filled, wanted=wanted) is Need.DEMANDED
    ]
