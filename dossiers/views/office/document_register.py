"""The register of digitised documents of the reader's agency, to look into and as a file for spreadsheets."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.looks import Purpose, Seen, record_looks
from accounts.permissions import open_to, visible
from agencies.models import Agency
from core.csv_files import csv_download
from digitization.models import RegisteredDocument
from digitization.register import describe_document
from digitization.signing import checks
from dossiers.forms.documents import RegisteredDocumentForm
from dossiers.models import Dossier
from dossiers.statistics.digitisation import DEFINITIONS, DigitisationFigures, Group, count_digitisation
from dossiers.views import navigation
from dossiers.views.paging import page_of
from papers import codes
from vietnam.dates import format_date
from vietnam.text import fold

_ROLES = ("counter", "officer", "unit_head", "leader", "clerk")
AT_MOST = 50_000


@open_to(*_ROLES)
@require_safe
def register(request: HttpRequest) -> HttpResponseBase:
    """`?q=` narrows by code, number, or words of name, issuer and holder; `?csv=1` is the file."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = _narrowed(visible(request.actor, RegisteredDocument.objects.all()), words)
    found = found.select_related("file__scan", "agency")
    if request.GET.get("csv") == "1":
        return _export(request, found)
    page = page_of(request, found, key="id", newest_first=True)
    _seen(request, page.rows)
    context = {
        **_rates(request),
        "page": page,
        "words": words,
        "subnav": navigation.items(request),
        "rows": [_row(d) for d in page.rows],
    }
    return render(request, "dossiers/officer/document_register.html", context)


@open_to(*_ROLES)
def describe(request: HttpRequest, code: str) -> HttpResponse:
    """Enter from the paper what it says of itself: number, issuer, days, scope."""
    found = visible(request.actor, RegisteredDocument.objects.select_related("file__scan"))
    document = get_object_or_404(found, code=codes.as_meant(code), standing=RegisteredDocument.Standing.VALID)
    _seen(request, [document])
    form = RegisteredDocumentForm(document, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        describe_document(document, form.cleaned_data, by=request.actor)
        messages.success(request, _("Đã lưu vào sổ."))
        return redirect(f"{reverse('documents')}?q={document.code}")
    context = {"document": document, "form": form, "subnav": navigation.items(request)}
    status = 422 if form.errors else 200
    return render(request, "dossiers/officer/document_describe.html", context, status=status)


def _rates(request: HttpRequest) -> dict[str, Any]:
    """The agency's three rates of this month, with their definitions and the target of results."""
    agency, today = request.actor.post.agency, timezone.localdate()
    among = Dossier.objects.filter(Q(receiving_agency=agency) | Q(settling_agency=agency))
    found = count_digitisation(today.replace(day=1), today, Group.AGENCY, dossiers=among)
    own = next((each for each in found if each.key == agency.pk), DigitisationFigures(agency.pk))
    commune = agency.kind in (Agency.Kind.COMMUNE_PC, Agency.Kind.COMMUNE_CENTRE)
    target = settings.RESULTS_DIGITISED_TARGETS["commune" if commune else "province"]
    rates = (
        ("received", _("Số hóa khi tiếp nhận"), own.reception_rate, own.digitised, own.to_digitise),
        ("results", _("Số hóa kết quả"), own.result_rate, own.results, own.settled),
        ("reused", _("Dùng lại giấy tờ"), own.reuse_rate, own.reused, own.received),
    )
    return {
        "rates": [
            {
                "label": label,
                "number": f"{round(rate * 100)} %" if rate is not None else "–",
                "note": f"{part}/{whole}" + (_(", chỉ tiêu %(n)s %%") % {"n": target} if key == "results" else ""),
                "definition": DEFINITIONS[key],
            }
            for key, label, rate, part, whole in rates
        ]
    }


def _narrowed(found: QuerySet[RegisteredDocument], words: str) -> QuerySet[RegisteredDocument]:
    """By a code alone, or by words without regard to accents; what holds no word finds nothing."""
    if not words:
        return found
    mine = found.filter(code=codes.as_meant(words))
    if mine.exists():
        return mine
    if not fold(words):
        return found.none()
    return found.filter(pk__in=RegisteredDocument.objects.with_words(words).values("pk"))


def _row(document: RegisteredDocument) -> dict[str, Any]:
    scan = getattr(document.file, "scan", None)
    return {
        "document": document,
        "signed": checks.summary_of(scan) is not None,
        "signatures": checks.statement_of(scan),
    }


def _seen(request: HttpRequest, documents: Iterable[RegisteredDocument]) -> None:
    seen = [Seen(each.holder_person_id, each.source, each.name[:60]) for each in documents]
    record_looks(seen, by=request.actor, at=timezone.now(), purpose=Purpose.EXPORT)


def _export(request: HttpRequest, found: QuerySet[RegisteredDocument]) -> HttpResponseBase:
    if found.count() > AT_MOST:
        said = _("Danh sách dài hơn %(most)s dòng. Hãy tìm hẹp lại.") % {"most": AT_MOST}
        return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
    _seen(request, found.only("holder_person_id", "source", "name").select_related(None))
    return csv_download(_rows_of_file(found), name="giay-to-so-hoa")


def _rows_of_file(found: QuerySet[RegisteredDocument]) -> Iterator[list[str]]:
    yield [
        _("Mã kiểm tra"),
        _("Loại"),
        _("Tên giấy tờ"),
        _("Mã loại kết quả"),
        _("Số, ký hiệu"),
        _("Cơ quan phát hành"),
        _("Ngày phát hành"),
        _("Chủ giấy tờ"),
        _("Có hiệu lực từ"),
        _("Có hiệu lực đến hết ngày"),
        _("Phạm vi"),
        _("Tình trạng"),
        _("Chữ ký số"),
        _("Định dạng"),
        _("Cách số hóa"),
        _("Người số hóa"),
        _("Số hóa ngày"),
    ]
    for each in found.order_by("id").iterator(chunk_size=500):
        yield [
            each.code,
            each.get_kind_display(),
            each.name,
            each.document_type,
            each.number,
            each.issuer,
            format_date(each.issued_on) if each.issued_on else "",
            each.holder_name,
            format_date(each.valid_from) if each.valid_from else "",
            format_date(each.valid_to) if each.valid_to else "",
            each.scope,
            each.get_standing_display(),
            checks.statement_of(getattr(each.file, "scan", None)),
            each.file.media_type,
            each.get_way_display(),
            each.digitised_by,
            format_date(timezone.localdate(each.digitised_at)),
        ]
