"""The life of an edition from draft to abolition: what may be done, by whom, and what is late.

`table` is the whole of it; `execution.execute_transition` is the one writer of an edition's status. `drafts` writes
what a draft says. Editions that are published as they came (the bundled catalogue, imports, decided open queries) are
written by `procedures.editions.publishing`.
"""
