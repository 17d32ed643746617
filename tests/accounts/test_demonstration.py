"""The demonstration is complete, repeatable, and refused where it would be dangerous."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, Enterprise, Person, StaffPost
from demo import people
from vietnam.identity import PersonalNumber, TaxNumber

pytestmark = pytest.mark.django_db


def counts():
    return [model.objects.count() for model in (Account, StaffPost, Person, Enterprise)]


def test_loading_twice_changes_nothing(bacninh):
    before = counts()
    Account.objects.filter(username="quantri").update(full_name="Tên đã sửa")
    people.load_demo_people()
    assert counts() == before
    assert Account.objects.get(username="quantri").full_name == "Tên đã sửa"


def test_every_role_has_a_sign_in_that_works(bacninh, client):
    rows = people.sign_ins()
    assert {StaffPost.Role(role).label for role in StaffPost.Role} <= {row.role for row in rows}
    for row in rows:
        assert client.login(username=row.username, password=row.password), row


def test_numbers_are_well_formed_and_fit_the_people(bacninh):
    assert Person.objects.count() == 30
    for person in Person.objects.all():
        number = PersonalNumber.parse(person.personal_number)
        assert (number.birth_year, number.sex) == (person.birth_date.year, person.sex)
    for enterprise in Enterprise.objects.all():
        assert str(TaxNumber.parse(enterprise.tax_number)) == enterprise.tax_number
        assert enterprise.representatives.count() == 1


def test_is_refused_in_production(bacninh, settings):
    settings.PRODUCTION = True
    with pytest.raises(people.DemonstrationRefused):
        people.load_demo_people()
    with pytest.raises(CommandError):
        call_command("demo")


def test_the_table_lists_one_line_for_each(bacninh, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8123"
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(people.sign_ins())
    assert all("http://127.0.0.1:8123/" in line and people.PASSWORD in line for line in lines)
