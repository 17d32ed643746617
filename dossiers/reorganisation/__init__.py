"""Agencies that merge, are split or end. A change moves the work, not the past: what is closed stays with the agency
that did it, what is open goes on at the one that takes over.

`workflow` is the one writer of a change, `work` says what there is to move, `carrying_out` moves it once the day has
come and takes it back, `dossier_moves` writes the dossiers, set-based, batch by batch.
"""
