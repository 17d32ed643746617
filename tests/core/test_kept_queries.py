"""Queries that are worded once: other values, the same records as the query described would give."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import StaffPost
from accounts.posts import posts_held, valid_posts
from core.kept_queries import ANY_KEYS, Among, KeptQuery
from tests.factories.people import staff_actor

pytestmark = pytest.mark.django_db


def test_records_and_what_they_join_are_those_of_the_query(django_assert_num_queries):
    joined = ("agency__calendar", "agency__territory", "desk__calendar")
    for name, role in (("kept-officer", "officer"), ("kept-leader", "leader"), ("kept-officer-again", "officer")):
        account = staff_actor(name, "office", role).account
        described = posts_held(StaffPost.objects.filter(account=account), on=timezone.localdate()).select_related(
            *joined
        )
        expected = list(described.order_by("id"))
        with django_assert_num_queries(1):
            found = valid_posts(account)
            assert [post.account for post in found] == [account]
            agencies = [(post.agency.name, post.agency.calendar, post.agency.territory, post.desk) for post in found]
        assert [vars_of(post) for post in found] == [vars_of(post) for post in expected]
        assert agencies == [(p.agency.name, p.agency.calendar, p.agency.territory, p.desk) for p in expected]
        assert [vars_of(post.agency) for post in found] == [vars_of(post.agency) for post in expected]
    assert valid_posts(account, on=date(1990, 1, 1)) == []


def test_a_value_without_a_place_is_said():
    with pytest.raises(ValueError, match="role"):
        KeptQuery(lambda account, role: StaffPost.objects.filter(account=account), account=-1, role="?").records(
            account=1, role="officer"
        )


def test_keys_are_one_place_however_many(django_assert_num_queries):
    asked = KeptQuery(lambda keys: StaffPost.objects.filter(Among("pk", keys)).select_related("agency"), keys=ANY_KEYS)
    posts = [staff_actor(f"kept-{n}", "office", "officer").post for n in range(3)]
    for some in (posts, posts[:1], []):
        with django_assert_num_queries(1):
            found = asked.records(keys=[post.pk for post in some])
            assert {post.pk: post.agency.pk for post in found} == {post.pk: post.agency_id for post in some}


def vars_of(record):
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
