"""The National Public Service Portal: our dossiers, their progress and results are told to it.

As far as its protocol is public: sign-in to a session, then the services ``TraCuuHoSo``, ``DongBoHoSoMC`` and
``CapNhatTienDoHoSoMC`` over JSON. The tables of Circular 04/2025/TT-VPCP are not confirmed, so which of our values
stands in which of its fields is data: `mapping.yaml`.
"""

NAME = "national"
