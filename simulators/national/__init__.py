"""A National Public Service Portal for development and tests, as far as its protocol is public.

``POST /login`` gives a session; ``POST /call`` serves ``TraCuuHoSo``, ``DongBoHoSoMC`` and ``CapNhatTienDoHoSoMC``.
It also serves ``LayDanhSachHoSo``, our assumption of how dossiers filed there are fetched, and their files at
``GET /files/<id>``. ``GET /`` is the applicant's page: file, answer, withdraw. ``GET /dossiers`` shows what it holds,
``POST /faults`` sets a fault for the next calls.
"""
