"""The life cycle, whole: every act, from where, by whom, with what effect.

Pages' buttons, the API's actions and the diagram in docs/ are made from these rows. States are the national
portal's. Automatic rows can be performed by no person.
"""

from dossiers.lifecycle.rows import consulting, correcting, ending, lateness, receiving, settling, waiting
from dossiers.lifecycle.transitions import Transition

_ROWS = (
    *receiving.ROWS,
    *waiting.ROWS,
    *settling.ROWS,
    *consulting.ROWS,
    *lateness.ROWS,
    *ending.ROWS,
    *correcting.ROWS,
)

TABLE: dict[str, Transition] = {row.action: row for row in _ROWS}
