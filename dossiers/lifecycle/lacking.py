"""On what ground a dossier is received while a demanded paper is missing.

None of these is fixed by a confirmed article, so each names the kind of rule that allows it.
"""

from django.utils.translation import gettext_lazy as _

LACKING_GROUNDS = (
    ("at_return", _("Bản chính được đối chiếu khi trả kết quả")),
    ("data", _("Cơ quan khai thác dữ liệu thay giấy tờ")),
    ("sector_law", _("Luật chuyên ngành cho nộp sau")),
)
