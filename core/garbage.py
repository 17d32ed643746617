"""When Python may look for what nobody uses any more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collection() -> Iterator[None]:
    """Nothing is collected inside; for short work on which a foreign warning would fall.

    pikepdf takes every warning that Python gives while it reads a page for a fault of that page: a file that other code
    left open, and that the collector happens to close there, made a sound PDF/A "not conforming" (pikepdf 10).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
