"""Proposals for who settles, from the source's own words. Only a proposal: the table of competences decides."""

from vietnam.text import fold

_WORDS: tuple[tuple[str, str, str], ...] = (
    ("province", "so tu phap", "justice"),
    ("province", "so tai chinh", "finance"),
    ("province", "so ke hoach va dau tu", "finance"),
    ("province", "so nong nghiep va moi truong", "agriculture_environment"),
    ("province", "chi cuc kiem lam", "agriculture_environment"),
    ("province", "chi cuc thuy san", "agriculture_environment"),
    ("province", "so xay dung", "construction"),
    ("province", "so giao thong van tai", "construction"),
    ("province", "so cong thuong", "industry_trade"),
    ("province", "so y te", "health"),
    ("province", "so giao duc va dao tao", "education"),
    ("province", "so noi vu", "home_affairs"),
    ("province", "van phong dang ky dat dai", "land_registration"),
    ("province", "bao hiem xa hoi", "social_insurance"),
    ("province", "cong an tinh", "police"),
    ("province", "cong an cap tinh", "police"),
    ("province", "uy ban nhan dan cap tinh", "provincial_pc"),
    ("province", "uy ban nhan dan tinh", "provincial_pc"),
    ("commune", "cong an cap xa", "commune_police"),
    ("commune", "uy ban nhan dan cap xa", "commune_pc"),
    ("commune", "uy ban nhan dan xa", "commune_pc"),
    ("commune", "ubnd cap xa", "commune_pc"),
)


def proposed_agency(level: str, authority: str) -> str | None:
    """The role key that the words name for a level, the first that fits; None when they name none of ours."""
    folded = fold(authority)
    return next((key for wanted, words, key in _WORDS if wanted == level and words in folded), None)
