"""Who signs a letter of an agency, and by what power (Decree 30/2020/NĐ-CP, Annex I, part I, II.7)."""

import re

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies import titles
from agencies.models import Agency

Role = StaffPost.Role
# "Phó Chủ tịch Ủy ban nhân dân phường": the body is said in the line above.
_OF_THE_BODY = re.compile(r"\s+(?:Ủy ban nhân dân|UBND)\b.*\Z", re.IGNORECASE)
_DEPUTY = re.compile(r"Phó\s+", re.IGNORECASE)
_ACTING = re.compile(r"(?:Quyền|Q\.)\s*", re.IGNORECASE)


def signature_block(by: Actor, agency: Agency) -> dict[str, str]:
    """`signer_title` (a line each: TM., KT., TL. or TUQ. before whose power it is) and `signer`, the name.

    Whoever is neither head, deputy nor head of a unit signs no letter of the agency: the place is then left to its
    head, to be signed by hand.
    """
    post = by.post
    if post is None or post.agency_id != agency.pk or post.role not in (Role.LEADER, Role.UNIT_HEAD):
        return {"signer_title": "\n".join(_head(agency)), "signer": ""}
    lines = _unit_head(post, agency) if post.role == Role.UNIT_HEAD else _leader(post, agency)
    return {"signer_title": "\n".join(lines), "signer": post.account.full_name}


def _head(agency: Agency) -> list[str]:
    return [*_on_behalf(agency), titles.head_title(agency)]


def _on_behalf(agency: Agency) -> list[str]:
    return ["TM. Ủy ban nhân dân"] if titles.is_committee(agency) else []


def _leader(post: StaffPost, agency: Agency) -> list[str]:
    if post.delegated_by_id:
        return _delegate(post, agency)
    title = _written(post.title)
    if not title:
        return _head(agency)
    if acting := _ACTING.match(title):
        return [*_on_behalf(agency), f"Q. {title[acting.end() :]}"]
    if deputy := _DEPUTY.match(title):
        return [*_on_behalf(agency), f"KT. {title[deputy.end() :]}", title]
    return [*_on_behalf(agency), title]


def _delegate(post: StaffPost, agency: Agency) -> list[str]:
    """A deputy signs in the head's place; anybody else by the head's authorisation, under the own title."""
    own = (
        StaffPost.objects.filter(account=post.account_id, agency=agency, delegated_by=None)
        .exclude(title="")
        .order_by("-valid_from", "-id")
        .first()
    )
    title = _written(own.title) if own else ""
    if deputy := _DEPUTY.match(title):
        head = title[deputy.end() :]
        if head.lower() == titles.head_title(agency).lower():
            return [*_on_behalf(agency), f"KT. {head}", title]
    return [line for line in (f"TUQ. {titles.head_title(agency)}", title) if line]


def _unit_head(post: StaffPost, agency: Agency) -> list[str]:
    """A unit signs by order of the agency's head; its deputy head in the place of the unit's."""
    title = _written(post.title) or "Trưởng phòng"
    deputy = _DEPUTY.match(title)
    in_place = [f"KT. {title[deputy.end() :]}"] if deputy else []
    return [f"TL. {titles.head_title(agency)}", *in_place, title]


def _written(title: str) -> str:
    return _OF_THE_BODY.sub("", title.strip())
