"""Pages by key, there and back, with empty values and in either direction."""

from datetime import date

import pytest
from django.test import RequestFactory

from agencies.models import Territory
from core.pagination import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def communes():
    for number in range(7):
        Territory.objects.create(
            code=f"9{number:04}",
            kind=Territory.Kind.COMMUNE,
            name=f"Xã thử {number}",
            search_key="xa thu",
            sort_key=str(number),
            valid_from=date(2025, 7, 1),
            valid_to=date(2026, 1, 1 + number // 2) if number < 4 else None,
        )


def walk(by: tuple[str, ...], size: int = 2) -> tuple[list[list[str]], list[list[str]]]:
    """Codes of each page on the way to the end, and on the way back."""
    queryset = Territory.objects.filter(search_key="xa thu")

    def at(url: str):
        return page_of(queryset, RequestFactory().get(f"/{url}"), by=by, size=size)

    there, back = [at("")], []
    while there[-1].next_url:
        there.append(at(there[-1].next_url))
    page = there[-1]
    while page.previous_url:
        page = at(page.previous_url)
        back.append(page)
    return tuple([[row.code[-1] for row in each.items] for each in pages] for pages in (there, back))


@pytest.mark.parametrize(
    ("by", "order"),
    [
        (("id",), "0123456"),
        (("-id",), "6543210"),
        (("valid_to", "id"), "0123456"),
        (("valid_to", "-id"), "1032654"),
        (("-valid_to", "id"), "4562301"),
    ],
)
def test_every_row_once_there_and_back(by, order):
    there, back = walk(by)
    assert "".join("".join(page) for page in there) == order
    assert there[:-1] == back[::-1]


@pytest.mark.parametrize(
    "query", ["after=x", "after=W10", "after=WyJ4Il0", "after=WzFd", "before=W251bGxd", "after=WzFlOTldCg"]
)
def test_an_address_that_makes_no_sense_gives_a_page(query):
    queryset = Territory.objects.filter(search_key="xa thu")
    for by in (("valid_to",), ("id",)):
        page = page_of(queryset, RequestFactory().get(f"/?{query}"), by=by, size=2)
        assert len(page.items) == 2
