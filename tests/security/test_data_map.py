"""The map of personal data is whole, the documentation is made from it, and whoever only counts reads none of it."""

import io
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from journal.roles import READ
from oss_portal.data_map import CONTROLS, LEVELS, PLACES, UNTIL_DESTROYED, hidden_columns
from oss_portal.engines.folder import CHECKOUT
from tests.databases import acting_as

# Names of fields that tell of somebody, and models in which they tell of nobody in particular: agencies, the catalogue.
TELLING = re.compile(
    r"full_name|personal_number|claimed_number|phone|email|birth_date|(^|_)address$|payer_name|owner_name|"
    r"search_key|password|secret|token|digest|(^|_)pin(_|$)|session_key"
)
ABOUT_NOBODY = {
    "agencies.Agency", "agencies.Territory", "agencies.Desk", "procedures.Field", "procedures.Procedure",
    "notices.Wording",
}  # fmt: skip


def test_every_field_with_a_telling_name_is_on_the_map():
    known = {(place.model, name) for place in PLACES for name in place.fields}
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.label not in ABOUT_NOBODY
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField", "EmailField", "DateField")
        and TELLING.search(field.name)
        and not field.name.startswith(("notified", "sha256", "approved_digest"))
        and (model._meta.label, field.name) not in known
    ]
    assert not missing, "say in oss_portal/data_map.py why these are kept, and how long"


def test_what_ends_with_its_dossier_is_known_to_its_destruction():
    """Whoever adds a place erases it in `dossiers.lifecycle.retention.erasure`, or in the app above when the event
    comes, tries it there, and says so here."""
    erased = {
        "accounts.RegistryLookup", "digitization.Scan", "digitization.StoredFile", "dossiers.Correction",
        "dossiers.Dossier", "dossiers.DossierDocument", "dossiers.DossierMessage", "dossiers.Opinion",
        "dossiers.Rating", "dossiers.SupplementRequest", "exchange.PostOrder", "exchange.SpecialisedDossier",
        "notices.Notice",
    }  # fmt: skip
    assert {place.model for place in PLACES if place.period == UNTIL_DESTROYED} == erased


def test_the_documentation_is_made_from_it():
    said = io.StringIO()
    call_command("list_personal_data", stdout=said)
    assert (Path(__file__).parents[2] / "docs" / "security" / "data-map.md").read_text() == said.getvalue()


def test_each_level_of_protection_is_shown_by_a_test_that_is_there():
    assert {place.level for place in PLACES} == set(LEVELS)
    for control in CONTROLS:
        assert all(getattr(control, level) for level in LEVELS)
        assert (CHECKOUT / control.shown_by).is_file(), control.respect


@pytest.mark.django_db
def test_who_only_counts_reads_no_column_of_it():
    for table, columns in hidden_columns().items():
        for column in columns:
            refused = pytest.raises(ProgrammingError, match="permission denied")
            with refused, acting_as(READ), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'SELECT "{column}" FROM {table} LIMIT 1')
    with acting_as(READ), connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM dossiers_dossier GROUP BY state")
        cursor.execute("SELECT count(*) FROM accounts_person")
