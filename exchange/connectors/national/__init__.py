"""The National Public Service Portal: what is filed there comes here, our dossiers and their results are told to it.

As far as its protocol is public: sign-in to a session, then the services ``TraCuuHoSo``, ``DongBoHoSoMC``,
``CapNhatTienDoHoSoMC``, ``LayDanhSachTTHC`` and ``LayThuTuc`` over JSON. The tables of Circular 04/2025/TT-VPCP are
not confirmed, so which of our values stands in which of its fields is data: `mapping.yaml`. So is how dossiers are
fetched, of which nothing is public.
"""

NAME = "national"
LABEL = "Cổng Dịch vụ công quốc gia"  # in histories
