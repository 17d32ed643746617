"""Numbers of a series under concurrency."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from journal.series import next_number


def test_a_number_needs_a_transaction(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        next_number("a")


def test_thirty_two_writers_get_numbers_without_gap_or_double(transactional_db):
    def take(i: int) -> int | None:
        try:
            with transaction.atomic():
                number = next_number("many")
                if i % 8 == 0:
                    raise RuntimeError
                return number
        except RuntimeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        numbers = [n for n in pool.map(take, range(64)) if n is not None]
    assert sorted(numbers) == list(range(1, 57))
