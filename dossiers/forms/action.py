"""One form for every action, made from what its row in the life-cycle table asks for."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.fields import NamedChoiceField
from agencies.models import Agency
from core.fields import CarriedNumber, DateField, DecimalField, IntegerField
from core.version_buttons import LARGEST_REVISION
from core.word_search import in_byte_order
from digitization import scans, uploads
from digitization.fields import UploadField
from dossiers.fees import amounts
from dossiers.filing.papers_brought import lacking_papers_of
from dossiers.forms.papers import PapersForm
from dossiers.lifecycle import ActionField, Clock, Refused, Transition, results, routing
from dossiers.models import Dossier, DossierDocument
from papers.signing.keys import signing_is_set_up
from procedures import display
from procedures.editions import time_limits
from procedures.editions.forms.rows import Money
from vietnam.money import InvalidAmount, parse_money

Role = StaffPost.Role
_ANSWERING = (Role.OFFICER, Role.UNIT_HEAD, Role.LEADER)
_CLOCK: dict[Clock, str | Promise] = {
    Clock.START: _("Bắt đầu tính thời hạn giải quyết."),
    Clock.PAUSE: _("Thời hạn tạm dừng cho đến khi người nộp thực hiện xong."),
    Clock.RESUME: _("Thời hạn chạy tiếp."),
    Clock.EXTEND: _("Hạn trả kết quả lùi lại; hạn cũ vẫn được lưu."),
    Clock.STOP: _("Thời hạn dừng, kết quả đúng hạn hay không được xét tại lúc này."),
}
# What only a clock that has begun can do.
_RUNNING = (Clock.PAUSE, Clock.RESUME, Clock.EXTEND, Clock.STOP)
_NOTIFIED: dict[str, str | Promise] = {
    "applicant": _("người nộp"),
    "holder": _("người thụ lý"),
    "head": _("lãnh đạo"),
    "counter": _("bộ phận một cửa"),
    "receiving_head": _("lãnh đạo nơi tiếp nhận"),
    "asker": _("người đã đề nghị"),
    "consulted": _("cơ quan đang được lấy ý kiến (nếu có)"),
    "working": _("nơi đang giữ hồ sơ"),
}


def effects_of(rule: Transition, dossier: Dossier | None = None) -> list[str]:
    """What the action will do to the clock and whom it will notify, in sentences; for one dossier, or for any."""
    if rule.clock in _RUNNING and dossier is not None and dossier.received_at is None:
        begins = str(_("Thời hạn giải quyết chỉ tính từ khi hồ sơ được tiếp nhận."))
        found = [] if rule.clock is Clock.STOP else [begins]
    elif rule.clock is Clock.PAUSE and rule.keeps_state:
        found = [str(_("Thời hạn tạm dừng cho đến khi có người bấm Tính tiếp thời hạn."))]
    else:
        found = [str(_CLOCK[rule.clock])] if rule.clock in _CLOCK else []
    if rule.paper:
        found.append(str(_("In giấy tờ theo mẫu.")))
    if rule.notifies:
        found.append(str(_("Báo cho: %s.")) % ", ".join(str(_NOTIFIED[audience]) for audience in rule.notifies))
    return found


def action_form_fields(rule: Transition, dossier: Dossier) -> list[ActionField]:
    """The inputs to ask for: a limit and a fee only where the catalogue leaves them open, exemptions only where some
    are claimed, a step only where there are two."""
    left_out = set()
    names = {field.name for field in rule.fields}
    if rule.clock is Clock.START and "fee" in names and not fee_is_unverified(dossier):
        left_out |= {"fee", "fee_ground"}
    if "exemptions" in names and not amounts.open_claims(dossier):
        left_out |= {"exemptions", "reason"}
    if rule.clock is Clock.START and not limit_is_unverified(dossier):
        left_out.add("limit_days")
    lacking = [paper.local_name for paper in lacking_papers_of(dossier)] if "lacking_ground" in names else []
    if not lacking:
        left_out.add("lacking_ground")
    if names & {"sign", "seal"} and not signing_is_set_up():
        left_out |= {"sign", "seal"}
    if dossier.step is not None and len(routing.steps_back(dossier, dossier.step.key)) < 2:
        left_out.add("to_step")
    asked = [field for field in rule.fields if field.name not in left_out and field.kind != "papers"]
    if rule.action == "attach_result" and len(expected := results.expected_results(dossier)) > 1:
        hint = _("Theo danh mục: %s.") % "; ".join(expected)
        asked = [replace(field, hint=hint) if field.name == "name" else field for field in asked]
    asked = [_lacking(field, lacking) if field.name == "lacking_ground" else field for field in asked]
    if rule.action not in ("issue", "record_signed"):
        return asked
    result = results.to_sign(dossier)
    needed = results.gaps_of(result) if result else []
    return [replace(field, required=field.required or field.name in needed) for field in asked]


def _lacking(field: ActionField, names: list[str]) -> ActionField:
    """The ground is asked for because of these papers: said before, not only when it is refused."""
    hint = _("Còn thiếu: %(names)s.") % {"names": "; ".join(names)}
    return replace(field, required=True, hint=f"{hint} {field.hint}")


def fee_is_unverified(dossier: Dossier) -> bool:
    """Whether the amount may be unknown, whatever is decided about exemptions."""
    return dossier.fee_amount is None and amounts.computed_fee(dossier, at=timezone.now()).total is None


def limit_is_unverified(dossier: Dossier) -> bool:
    return time_limits.is_unverified(time_limits.term_for(dossier.edition, channel=dossier.channel, case=dossier.case))


class ActionForm(forms.Form):
    """The inputs of `rule` for one dossier. `inputs()` gives them as `execute_transition` takes them."""

    revision = CarriedNumber(min_value=0, max_value=LARGEST_REVISION)

    def __init__(self, rule: Transition, dossier: Dossier, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"revision": dossier.revision})
        at_counter = kwargs.pop("at_counter", False)
        super().__init__(*args, **kwargs)
        self.rule, self.dossier, self.at_counter = rule, dossier, at_counter
        asks_papers = at_counter and any(field.kind == "papers" for field in rule.fields)
        self.papers = PapersForm(dossier, self.data or None, self.files or None) if asks_papers else None
        for field in self.asked():
            self._add(field)

    def asked(self) -> list[ActionField]:
        """A field that staff alone answer is left out of an applicant's page, a confirmation until it is needed."""
        return [
            replace(field, required=field.required or (self.at_counter and field.needed_at_counter))
            for field in action_form_fields(self.rule, self.dossier)
            if (self.at_counter or not field.at_counter) and (field.kind != "yes" or field.name in self.data)
        ]

    def _add(self, field: ActionField) -> None:
        made = self.fields[field.name] = _field(field, self.dossier)
        if field.only_for:
            made.widget.attrs["data-only-for"] = " ".join(field.only_for)
            made.asked_by_choice = True  # not called optional where the choice shows it
        if field.kind == "agencies":
            made.required = False
            self.fields[f"other_{field.name}"] = NamedChoiceField(
                elsewhere(self.dossier),
                label=_("Cơ quan khác trong tỉnh (xã, phường khác)"),
                required=False,
                empty_label=_("Không có"),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for field in self.rule.fields:
            if field.kind == "agencies" and field.name in self.fields and field.name not in self.errors:
                other = given.get(f"other_{field.name}")
                given[field.name] = [*given.get(field.name, ()), *([other] if other else [])]
                if not given[field.name]:
                    self.add_error(field.name, _("Hãy chọn ít nhất một cơ quan."))
        return given

    def is_valid(self) -> bool:
        """The checklist of papers is validated too, so that all mistakes are shown at once."""
        papers_fit = self.papers is None or self.papers.is_valid()
        if not papers_fit and super().is_valid():  # else nothing above the table would say that there is a mistake
            self.add_error(None, _("Hãy sửa chỗ được đánh dấu trong bảng giấy tờ rồi gửi lại."))
        return super().is_valid() and papers_fit

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal's sentence at the field it is about; what must be confirmed is asked for from then on."""
        if refusal.code == "longer_than_limit":
            self._add(next(field for field in self.rule.fields if field.name == "longer"))
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal.sentence))

    def inputs(self, by: Actor) -> dict[str, Any]:
        found = {}
        for field in self.rule.fields:
            value = self.cleaned_data.get(field.name)
            if field.kind == "papers" and self.papers is not None:
                value = self.papers.brought(by) or None
            if value in (None, ""):
                continue
            if field.kind == "agency":
                value = value.code
            if field.kind == "items":
                value = [{"name": line.strip()} for line in value.splitlines() if line.strip()]
            elif field.kind == "file":
                value = uploads.store_file(value, value.name, self.dossier.reference, by)
                scans.queue_scan(value)
            found[field.name] = value
        return found


class MoneyField(forms.CharField):
    """Money as people type it, with or without dots; cleans to whole đồng."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_money(text)
        except InvalidAmount as error:
            raise forms.ValidationError(_("Hãy nhập số tiền bằng đồng, ví dụ 1.500.000.")) from error
        if amount <= 0:
            raise forms.ValidationError(_("Số tiền phải lớn hơn 0."))
        return amount


def _field(field: ActionField, dossier: Dossier) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "required": field.required, "help_text": field.hint}
    match field.kind:
        case "line":
            return forms.CharField(max_length=300, **common)
        case "decimal":
            return DecimalField(
                localize=True, max_digits=6, widget=forms.TextInput({"class": "govuk-input--width-5"}), **common
            )
        case "amount":
            return MoneyField(max_length=20, widget=forms.TextInput({"class": "govuk-input--width-10"}), **common)
        case "money":
            return Money(**common)
        case "claims":
            return forms.MultipleChoiceField(
                choices=[
                    (relief.key, f"{relief.local_text()} ({relief.share()})") for relief in amounts.open_claims(dossier)
                ],
                widget=forms.CheckboxSelectMultiple,
                **common,
            )
        case "items":
            return forms.CharField(widget=forms.Textarea({"rows": 4}), max_length=4000, **common)
        case "post":
            return forms.ModelChoiceField(officers_of(dossier), empty_label=_("Chọn chuyên viên"), **common)
        case "file":
            return UploadField(**common)
        case "choice":
            return forms.ChoiceField(choices=[("", _("Chọn")), *field.choices], **common)
        case "date":
            return DateField(**common)
        case "agencies":
            return AgenciesField(consultable(dossier), widget=forms.CheckboxSelectMultiple, **common)
        case "agency":
            return NamedChoiceField(
                settling_elsewhere(dossier), empty_label=_("Chọn cơ quan"), widget=forms.Select, **common
            )
        case "document":
            return forms.ModelChoiceField(handed_in(dossier), empty_label=_("Chọn giấy tờ"), **common)
        case "count":
            widget = forms.NumberInput({"class": "govuk-input--width-2"})
            return IntegerField(min_value=0, max_value=99, widget=widget, **common)
        case "yes" | "tick":
            return forms.BooleanField(**common)
        case "result":
            return forms.ModelChoiceField(results.results_of(dossier), empty_label=None, **common)
        case "step_back":
            return forms.ChoiceField(choices=_steps_back(dossier), **common)
        case "opinion":
            return OpinionField(dossier.opinions.filter(ended_at=None).select_related("agency"), **common)
    return forms.CharField(widget=forms.Textarea({"rows": 3}), max_length=4000, **common)


class AgenciesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.local_name)


class OpinionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.agency.local_name)


def consultable(dossier: Dossier) -> Any:
    """The province's departments and the commune's own bodies, the competent agency left out."""
    territory = dossier.settler.territory
    places = [pk for pk in (territory.pk, territory.parent_id) if pk]
    working = Agency.objects.valid(on=timezone.localdate()).filter(territory__in=places)
    staffed = working.filter(posts__role__in=_ANSWERING, posts__valid_to=None)
    return staffed.exclude(pk=dossier.settling_agency_id).distinct().order_by("sort_key", "name")


def elsewhere(dossier: Dossier) -> Any:
    """Every other body of the province that has people to answer: other communes too."""
    near = consultable(dossier).order_by().values("pk")
    working = Agency.objects.valid(on=timezone.localdate()).exclude(pk=dossier.settling_agency_id).exclude(pk__in=near)
    return working.filter(posts__role__in=_ANSWERING, posts__valid_to=None).distinct().order_by("sort_key", "name")


def settling_elsewhere(dossier: Dossier) -> Any:
    """The bodies that can settle a dossier in place of the one that was named by mistake."""
    working = Agency.objects.valid(on=timezone.localdate()).exclude(pk=dossier.settling_agency_id)
    return working.filter(posts__role__in=_ANSWERING, posts__valid_to=None).distinct().order_by("sort_key", "name")


def handed_in(dossier: Dossier) -> Any:
    """The papers whose counts can be put right."""
    return dossier.documents.exclude(kind=DossierDocument.Kind.RESULT).filter(withdrawn_at=None)


def _steps_back(dossier: Dossier) -> list[tuple[str, str]]:
    if dossier.step is None:
        return []
    names = {step["key"]: display.value_text(step["name"], step["name_en"]) for step in dossier.route}
    return [(key, names[key]) for key in routing.steps_back(dossier, dossier.step.key)]


def officers_of(dossier: Dossier) -> Any:
    return (
        StaffPost.objects.filter(agency=dossier.settling_agency_id, role=Role.OFFICER, valid_to__isnull=True)
        .select_related("account")
        .order_by(in_byte_order("account__search_key"), "id")
    )
