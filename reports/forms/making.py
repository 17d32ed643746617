"""Computing an official form, keeping it as it was sent, and what has changed since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from core.refusals import NotAllowed, Refused
from dossiers.models import Dossier
from papers.models import Paper
from reports import figures
from reports.cuts import CUTS, names_of
from reports.forms import drawing, templates
from reports.forms.definitions import FORMS, OfficialForm
from reports.forms.periods import reporting_period
from reports.forms.printed import PrintedForm
from reports.forms.signing import Signer, usual_signer
from reports.models import KeptForm
from reports.population import EVERYTHING, Population, of_level

Role = StaffPost.Role
Content = dict[str, Any]
LEVELS = drawing.LEVEL_NAMES


@dataclass(frozen=True)
class Difference:
    """One figure that is no longer what it was when the form was kept."""

    name: str
    number: int
    head: str
    kept: int
    now: int


def may_see(actor: Actor, form: OfficialForm, agency: Agency | None) -> bool:
    """Supervisors see every form, heads those of what their own agency settles."""
    if actor.post is None:
        return False
    if actor.role == Role.SUPERVISOR:
        return (agency is None) == (form.whose == "province") or form.key == "07"
    own = agency is not None and actor.post.agency_id == agency.pk
    return actor.role in (Role.UNIT_HEAD, Role.LEADER) and own and form.whose == "agency"


def may_keep(actor: Actor, form: OfficialForm, agency: Agency | None) -> bool:
    """Who may close the figures of a period: the agency's leader, or the supervisor."""
    return may_see(actor, form, agency) and actor.role in (Role.LEADER, Role.SUPERVISOR)


def may_read_paper(actor: Actor, owner: str, _paper: Paper) -> bool:
    kept = KeptForm.objects.select_related("agency").filter(uid=owner.partition(":")[2]).first()
    return kept is not None and may_see(actor, FORMS[kept.form], kept.agency)


def population_of(form: OfficialForm, agency: Agency | None) -> Population:
    if agency is None:
        return EVERYTHING
    whose = "receiving_agency" if form.whose == "centre" else "settling_agency"
    return Population(Q(**{whose: agency.pk}))


def compute(printed: PrintedForm, agency: Agency | None, period: str, *, at: datetime) -> Content:
    """The form's figures of a period by its name, with names in Vietnamese. Raises Refused for no such period."""
    days, form = reporting_period(period), printed.form
    if days is None:
        raise Refused("bad_period", _("Kỳ báo cáo là một quý (2026-Q3) hoặc một năm (2026)."), field="period")
    asked = figures.period_asked(days.since, days.until, at=at)
    population, cut = population_of(form, agency), CUTS[form.cut]
    rows: list[Content] = []
    with translation.override("vi"):
        for level in LEVELS if form.by_level else ("",):
            within = of_level(population, level)
            counted = figures.figures(within, asked, printed.measures, cut=cut)
            names = names_of(cut, list(counted))
            rows += [
                {"level": level, "key": key, "name": name, "values": _values(printed, counted[key])}
                for key, name in names.items()
                if any(counted[key].values())
            ]
    total = {c.key: sum(row["values"][c.key] for row in rows) for c in printed.columns}
    return {"rows": rows, "total": total}


def failed_checks(printed: PrintedForm, content: Content) -> list[str]:
    """The form's own checks that do not hold in some row or in the total, as the form writes them: "3=4+5+6"."""
    return [text for text, holds in printed.checks(content).items() if not holds]


def keep(
    form: OfficialForm,
    agency: Agency | None,
    period: str,
    *,
    by: str,
    at: datetime,
    signer: Signer | None = None,
    automatic: bool = False,
) -> KeptForm:
    """Close the form's figures as a new version with its paper, or give back the last one while nothing has changed:
    neither figures nor wording nor who signs. Without a `signer` the agency's head signs, by hand.

    Raises Refused before the period's days are over.
    """
    days = reporting_period(period)
    if days is None or at < days.until:
        raise Refused("period_runs", _("Kỳ này chưa hết. Hãy chốt số liệu sau ngày cuối kỳ."))
    printed = templates.printed_in_force(form)
    content = compute(printed, agency, period, at=at)
    if wrong := failed_checks(printed, content):
        raise Refused("checks_failed", _("Số liệu không khớp: %s. Hãy báo quản trị.") % ", ".join(wrong))
    signer = signer or usual_signer(printed.wording, agency or drawing.whole_province(), Actor())
    closed = {
        "content": content,
        "template": printed.version,
        "wording": printed.wording.as_json(),
        "signer_title": signer.title,
        "signer": signer.name,
    }
    versions = KeptForm.objects.filter(form=form.key, agency=agency, period=period).order_by("-version")
    last = versions.first()
    if last is not None and all(getattr(last, name) == value for name, value in closed.items()):
        return last
    try:
        with transaction.atomic():
            made = KeptForm.objects.create(
                form=form.key,
                agency=agency,
                period=period,
                first_day=days.first,
                last_day=days.last,
                version=last.version + 1 if last else 1,
                made_at=at,
                made_by=by[:200],
                automatic=automatic,
                **closed,
            )
            drawing.issue_form_paper(printed, made)
    except IntegrityError:  # somebody closed the same version at the same moment
        return versions[0]
    return made


def keep_by(
    actor: Actor, form: OfficialForm, agency: Agency | None, period: str, *, at: datetime, signer: Signer | None = None
) -> KeptForm:
    """The same, asked for by a person. Raises NotAllowed."""
    if not may_keep(actor, form, agency):
        raise NotAllowed("not_allowed", _("Chỉ lãnh đạo cơ quan hoặc người giám sát chốt được số liệu của kỳ."))
    return keep(form, agency, period, by=actor.label, at=at, signer=signer)


def differences(printed: PrintedForm, kept: KeptForm, now: Content) -> list[Difference]:
    """Every figure that later corrections have changed; rows that are gone or new count from or to nought."""
    nothing = {column.key: 0 for column in printed.columns}
    before = {(row["level"], row["key"]): row for row in kept.content["rows"]}
    after = {(row["level"], row["key"]): row for row in now["rows"]}
    found = []
    for place in {**before, **after}:
        old, new = (side.get(place, {"values": nothing}) for side in (before, after))
        name = (after.get(place) or before[place])["name"]
        for column in printed.columns:
            was, is_now = old["values"].get(column.key, 0), new["values"].get(column.key, 0)
            if was != is_now:
                found.append(Difference(name, column.number, column.head, was, is_now))
    return found


def agencies_reporting() -> QuerySet[Agency]:
    """Agencies of today that have settled or settle something."""
    busy = Dossier.objects.sent().filter(settling_agency__isnull=False).order_by().values("settling_agency").distinct()
    return Agency.objects.filter(pk__in=busy, valid_to__isnull=True).order_by("sort_key", "pk")


def centres_reporting() -> QuerySet[Agency]:
    """Centres of today that have received something."""
    busy = (
        Dossier.objects.sent().filter(receiving_agency__isnull=False).order_by().values("receiving_agency").distinct()
    )
    kinds = (Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.COMMUNE_CENTRE)
    return Agency.objects.filter(pk__in=busy, kind__in=kinds, valid_to__isnull=True).order_by("sort_key", "pk")


def _values(printed: PrintedForm, counted: dict[str, int]) -> dict[str, int]:
    return {column.key: counted[column.measure] for column in printed.columns}
