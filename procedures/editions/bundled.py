"""The catalogue that the product carries: its files, read strictly and loaded without changing what is the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from procedures.editions import publishing, rows
from procedures.editions.document import CATALOGUE, Facts, InvalidFacts, canonical_text, require_valid, yaml_data
from procedures.models import Competence, Edition, FactState, Field, LifeEvent, Procedure, Route
from procedures.public import guides
from procedures.questionnaire import versions as questionnaires
from procedures.questionnaire.layout import read_layout as read_layout
from procedures.routes import versions
from procedures.routes.steps import read_steps as read_steps
from procedures.search import index

# Files of the folder that are tables of their own and not procedures.
TABLES = frozenset(
    {
        "competence.yaml",
        "routes.yaml",
        "life_events.yaml",
        "synonyms.yaml",
        "sources.yaml",
        "judged_differences.yaml",
        *guides.FILES,
    }
)
RULE = "Danh mục kèm sản phẩm"


@dataclass
class Loaded:
    """What a load changed; all zero when everything was there already."""

    counts: dict[str, int] = field(default_factory=dict)
    competences: int = 0
    routes: int = 0
    forms: int = 0
    life_events: int = 0
    indexed: int = 0

    @property
    def changed(self) -> bool:
        return bool(
            self.competences or self.routes or self.forms or self.life_events or set(self.counts) - {"unchanged"}
        )


def read_bundled(folder: Path = CATALOGUE) -> list[Facts]:
    """Every procedure of the folder's files, canonical and valid. Raises InvalidFacts that names the file."""
    found: dict[str, Facts] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in TABLES:
            continue
        for facts in _procedures_of(path):
            if facts["code"] in found:
                raise InvalidFacts(facts["code"], [f"{path.name}: the code is given twice"])
            found[facts["code"]] = facts
    return list(found.values())


def _procedures_of(path: Path) -> Iterator[Facts]:
    try:
        content = yaml_data(path)
    except yaml.YAMLError as error:
        raise InvalidFacts(path.name, [str(error)]) from error
    if not isinstance(content, dict) or set(content) != {"field", "source", "procedures"}:
        raise InvalidFacts(path.name, ["a file has exactly the keys field, source and procedures"])
    for entry in content["procedures"]:
        facts = canonical_text(entry, field=content["field"], source=content["source"])
        try:
            require_valid(facts, bundled=True)
        except InvalidFacts as error:
            raise InvalidFacts(path.name, [str(error)]) from error
        yield facts


def bundled_competence(name: str, folder: Path = CATALOGUE) -> dict[str, Any]:
    """One of the folder's tables, as plain data."""
    return yaml_data(folder / f"{name}.yaml")


def load_bundled(at: datetime, folder: Path = CATALOGUE) -> Loaded:
    """Bring the database to the bundled catalogue; a second run changes nothing."""
    bundled = read_bundled(folder)
    loaded = Loaded()
    with transaction.atomic():
        rows.write_fields(
            {"key": row["key"], "name": row["names"][0], "name_en": row.get("name_en", "")}
            for row in bundled_competence("competence", folder)["fields"]
        )
        for outcome in publishing.offer_documents(bundled, Edition.Origin.BUNDLED, RULE, at):
            loaded.counts[outcome.change] = loaded.counts.get(outcome.change, 0) + 1
        loaded.competences = _load_competences(bundled, folder)
        loaded.routes = _load_routes(bundled, folder, at)
        loaded.forms = _load_forms(folder, at)
        loaded.life_events = _load_life_events(bundled, folder)
        _load_popularity(bundled, folder)
        loaded.indexed = index.index_all()
        if loaded.changed:
            rows.analyse_tables()
    return loaded


def _load_competences(bundled: list[Facts], folder: Path) -> int:
    content = bundled_competence("competence", folder)
    fields = dict(Field.objects.values_list("key", "pk"))
    procedures = dict(Procedure.objects.values_list("code", "pk"))
    wanted: dict[tuple[int | None, int | None, str], tuple[str, str, str]] = {}
    for row in content["fields"]:
        state, source = row.get("state", content["state"]), row.get("source", content["source"])
        for level in ("province", "commune"):
            if level in row:
                wanted[None, fields[row["key"]], level] = (row[level], state, source)
    for facts in bundled:
        settled = facts["settled_by"]
        for level in facts["levels"]:
            key = settled.get(level) if isinstance(settled, dict) else settled
            if key:
                wanted[procedures[facts["code"]], None, level] = (key, FactState.TO_BE_CONFIRMED, "memory")
    changed = 0
    # A controller's own row (source "controller") stays.
    for found in Competence.objects.exclude(source="controller"):
        facts_of_row = wanted.pop((found.procedure_id, found.field_id, found.level), None)
        if facts_of_row is None:
            found.delete()
        elif facts_of_row != (found.agency_key, found.state, found.source):
            found.agency_key, found.state, found.source = facts_of_row
            found.save()
        else:
            continue
        changed += 1
    fresh = [
        Competence(procedure_id=procedure, field_id=field_, level=level, agency_key=key, state=state, source=source)
        for (procedure, field_, level), (key, state, source) in wanted.items()
    ]
    return changed + _inserted(fresh)


def _inserted(fresh: list[Competence]) -> int:
    before = Competence.objects.count()
    Competence.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return Competence.objects.count() - before


def _load_routes(bundled: list[Facts], folder: Path, at: datetime) -> int:
    """Standard routes of a level, and those of procedures that open others at other agencies."""
    changed, codes = 0, {facts["code"] for facts in bundled}
    procedures = dict(Procedure.objects.filter(code__in=codes).values_list("code", "pk"))
    for row in bundled_competence("routes", folder)["routes"]:
        steps = read_steps(row["steps"])
        shares = [step.share for step in steps if step.share is not None]
        if shares and sum(shares) != 1:
            raise InvalidFacts("routes.yaml", [f"the shares of {row['name']} sum to {float(sum(shares))}, not to 1"])
        owner = row.get("procedure", "")
        opened = {step.opens.procedure for step in steps if step.opens}
        if unknown := sorted(({owner} - {""} | opened) - codes):
            raise InvalidFacts("routes.yaml", [f"{row['name']}: no procedure {code}" for code in unknown])
        offered = Route(
            procedure_id=procedures[owner] if owner else None,
            level=row.get("level", ""),
            case=row.get("case", ""),
            name=row["name"],
            name_en=row["name_en"],
            decision=row.get("decision", ""),
        )
        changed += versions.publish_bundled(offered, steps, RULE, at)
    return changed


def _load_forms(folder: Path, at: datetime) -> int:
    """Forms of procedures whose edition in force is the bundled one; another's papers may have other keys."""
    forms = [form for path in sorted((folder / "forms").glob("*.yaml")) for form in yaml_data(path)["forms"]]
    found = Procedure.objects.filter(
        code__in=[form["procedure"] for form in forms], current__origin=Edition.Origin.BUNDLED
    )
    procedures = {procedure.code: procedure for procedure in found.select_related("current")}
    return sum(
        questionnaires.publish_bundled(procedures[form["procedure"]], read_layout(form), RULE, at)
        for form in forms
        if form["procedure"] in procedures
    )


def _load_life_events(bundled: list[Facts], folder: Path) -> int:
    content = bundled_competence("life_events", folder)
    members: dict[str, set[str]] = {}
    for facts in bundled:
        for key in facts["life_events"]:
            members.setdefault(key, set()).add(facts["code"])
    unknown = set(members) - {row["key"] for row in content["life_events"]}
    if unknown:
        raise InvalidFacts("life_events.yaml", [f"no life event {key}" for key in sorted(unknown)])
    changed = 0
    procedures = dict(Procedure.objects.values_list("code", "pk"))
    for row in content["life_events"]:
        wanted = {
            "position": row["order"],
            "name": row["name"],
            "name_en": row["name_en"],
            "hint": row.get("hint", ""),
            "hint_en": row.get("hint_en", ""),
            "icon": row.get("icon", ""),
            "version": content["version"],
        }
        event, made = LifeEvent.objects.get_or_create(key=row["key"], defaults=wanted)
        differs = [name for name, value in wanted.items() if getattr(event, name) != value]
        for name in differs:
            setattr(event, name, wanted[name])
        if differs:
            event.save(update_fields=differs)
        codes = members.get(row["key"], set()) | set(row.get("procedures", []))
        listed = {procedures[code] for code in codes if code in procedures}
        present = set(event.procedures.values_list("pk", flat=True))
        if listed != present:
            event.procedures.set(listed)
        changed += bool(made or differs or listed != present)
    return changed


# Until dossiers are counted, what people are known to ask for and what belongs to a life event goes first.
_ASKED_MOST, _POPULAR, _COMMON = 40, 20, 5


def _load_popularity(bundled: list[Facts], folder: Path) -> None:
    asked_most = bundled_competence("synonyms", folder)["asked_most"]
    # From the lowest to the highest; what was counted from dossiers is higher and stays.
    for value, codes in (
        (_COMMON, [facts["code"] for facts in bundled]),
        (_POPULAR, [facts["code"] for facts in bundled if facts["life_events"]]),
        (_ASKED_MOST, asked_most),
    ):
        Procedure.objects.filter(code__in=codes, popularity__lt=value).update(popularity=value)
