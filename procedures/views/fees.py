"""The test bench of a fee table: choose the facts, see the amount explained."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.permissions import open_to
from core.fields import DateField, IntegerField
from procedures import display
from procedures.editions.forms.rows import Money
from procedures.fees.calculation import fee_for
from procedures.fees.sentences import per_name
from procedures.models import Channel, Edition
from procedures.public import presentation
from procedures.views.editions import WHO


class BenchForm(forms.Form):
    """Facts that decide a fee; only those that the edition's lines ask for."""

    channel = forms.ChoiceField(label=_("Cách nộp"), choices=Channel.choices)

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = list(edition.fee_lines.all())
        language = "en" if display.english() else "vi"
        if cases := [(row["key"], row["name"]) for row in presentation.case_names(edition)]:
            self.fields["case"] = forms.ChoiceField(label=_("Trường hợp"), choices=cases)
        self.counted = sorted({per for line in lines for per in (line.per, line.each)} - {"dossier", ""})
        for per in self.counted:
            self.fields[f"count_{per}"] = IntegerField(
                label=_("Số lượng (%(per)s)") % {"per": per_name(per, language)},
                min_value=0,
                max_value=100_000,
                initial=0 if all(line.on_request for line in lines if per in (line.per, line.each)) else 1,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
            )
        if any(line.value_from is not None or line.value_below is not None for line in lines):
            self.fields["value"] = Money(label=_("Giá trị (đồng)"), required=False)
        reliefs = {row["key"]: display.fact_text(row) for line in lines for row in line.reliefs}
        if reliefs:
            self.fields["exemptions"] = forms.MultipleChoiceField(
                label=_("Đối tượng miễn, giảm"),
                choices=list(reliefs.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["on"] = DateField(label=_("Ngày nộp hồ sơ"), initial=timezone.localdate)

    def quantities(self) -> dict[str, int]:
        return {per: self.cleaned_data[f"count_{per}"] for per in self.counted}


@open_to(*WHO)
@require_safe
def bench(request: HttpRequest, pk: int) -> HttpResponse:
    """The same computation as for a dossier, tried on an edition, published or not."""
    edition = get_object_or_404(Edition.objects.select_related("procedure").prefetch_related("fee_lines"), pk=pk)
    form = BenchForm(edition, request.GET if "channel" in request.GET else None)
    result = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        result = fee_for(
            edition,
            said["channel"],
            said.get("case", ""),
            form.quantities(),
            value=said.get("value"),
            exemptions=said.get("exemptions", ()),
            on=said["on"],
        )
    return render(
        request,
        "procedures/manage/fee_bench.html",
        {
            "edition": edition,
            "form": form,
            "result": result,
            "total": display.fee_words(result) if result else "",
            "sentences": (result.explanation_en if display.english() else result.explanation) if result else [],
            "bases": sorted({line.legal_basis for line in result.lines if line.legal_basis}) if result else [],
        },
    )
