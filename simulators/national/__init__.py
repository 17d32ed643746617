"""A National Public Service Portal for development and tests, as far as its protocol is public.

``POST /login`` gives a session; ``POST /call`` serves ``TraCuuHoSo``, ``DongBoHoSoMC`` and ``CapNhatTienDoHoSoMC``.
``GET /dossiers`` shows what it holds, ``POST /faults`` sets a fault for the next calls.
"""
