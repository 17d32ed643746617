"""Dossiers that another system began or settled: written here as they were there, many at once, and taken back whole.

Beside `lifecycle.execute_transition` this is how a dossier comes to be (docs/decisions/moving-in.md): nothing is
counted, charged, told or printed anew. `writing.write_moved` writes, `taking_back.take_back` undoes it.
"""
