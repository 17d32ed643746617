"""Believable dossiers of the past, made through the same write path as the real ones.

One source of data for the demonstration, tests and benchmarks: seeded, with weekends, Tết, peaks on the first
morning, supplements, extensions, refusals, overdue cases and people who never come for their result.
"""

from demo.simulation.run import Cast, run_simulation

__all__ = ["Cast", "run_simulation"]
