"""Issuing a paper: number, code, PDF/A and the immutable row, all in the caller's transaction or none."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from journal import series
from papers import archival, blocks, codes, layout
from papers.issuers import Issuer
from papers.models import Paper


@dataclass(frozen=True)
class Marks:
    """What a paper knows of itself while it is drawn."""

    code: str
    number: str
    issuer: Issuer
    at: datetime  # local time of the issue
    check_url: str  # absolute address of the public check page


# A sheet that is laid out here, or a finished PDF that bears the marks itself.
Draw = Callable[[Marks], layout.Sheet | bytes]


def next_number(issuer: Issuer, form: str, sign: str, *, at: datetime) -> str:
    """The next number of the issuer's series of this form in the year of `at`, as printed: "12/TNHS".

    Without gap: taken only in the transaction that issues the paper, given back by its rollback.
    """
    number = series.next_number(f"paper:{issuer.code}:{form}:{timezone.localtime(at).year}")
    return f"{number:02d}/{sign}"


def issue_paper(
    *,
    form: str,
    title: str,
    number: str,
    agency: Issuer,
    owner: str,
    facts: dict[str, Any],
    draw: Draw,
    by: str,
    at: datetime,
    replaces: Paper | None = None,
    template_version: int = 0,
) -> Paper:
    """Draw, file and record one paper; returns its row.

    `facts` is plain JSON of what is printed, field by field. `draw` turns the paper's marks into a `layout.Sheet`;
    head, number, date line, QR and footer are laid out here for all papers alike. `by` is the label of who acts,
    `template_version` the form's wording that `draw` used.
    Must run in the transaction of the action that the paper is about: raises TransactionManagementError outside of one,
    IntegrityError for a number that the series has already borne or a paper that was already replaced.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A paper is issued only within the transaction of its act.")
    marks = _marks(number, agency, at)
    drawn = draw(marks)
    if isinstance(drawn, layout.Sheet):
        sheet = drawn if replaces is None else dataclasses.replace(drawn, note=_instead_of(replaces))
        head = layout.Head(agency, number, marks.at)
        drawn = layout.render_pdf(sheet, head=head, code=marks.code, check_url=marks.check_url)
    content = archival.finish_as_pdfa(drawn, title=f"{title} {number}", author=agency.name, at=marks.at)
    digest = hashlib.sha256(content).hexdigest()
    return Paper.objects.create(
        code=marks.code,
        form=form,
        title=title,
        number=number,
        year=marks.at.year,
        agency_code=agency.code,
        agency_name=agency.name,
        owner=owner,
        facts=facts,
        file=default_storage.save(f"papers/{digest[:2]}/{digest}.pdf", ContentFile(content)),
        size=len(content),
        sha256=digest,
        issued_at=at,
        issued_by=by[:200],
        replaces=replaces,
        template_version=template_version,
    )


def trial_paper(draw: Draw, *, title: str, sign: str, agency: Issuer, at: datetime, watermark: str) -> bytes:
    """PDF/A bytes of a paper that is only looked at: no number, no code, no row, `watermark` across each page."""
    marks = Marks(code="", number=f"…/{sign}", issuer=agency, at=timezone.localtime(at), check_url="")
    drawn = draw(marks)
    if isinstance(drawn, layout.Sheet):
        head = layout.Head(agency, marks.number, marks.at)
        drawn = layout.render_pdf(drawn, head=head, code="", check_url="", watermark=watermark)
    return archival.finish_as_pdfa(drawn, title=f"{title} ({watermark})", author=agency.name, at=marks.at)


def _instead_of(old: Paper) -> str:
    day = blocks.written_date(timezone.localtime(old.issued_at))
    return f"(Thay thế {old.title} số {old.number} {day})"


def _marks(number: str, issuer: Issuer, at: datetime) -> Marks:
    code = codes.new_code()
    return Marks(
        code=code,
        number=number,
        issuer=issuer,
        at=timezone.localtime(at),
        check_url=settings.PUBLIC_URL + reverse("paper-check", args=[code]),
    )
