"""A procedure that is in no source yet: started by a controller as a draft, which goes the same way as any other."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from procedures.editions.document import Facts, canonical_text, problems_of
from procedures.editions.lifecycle import drafts
from procedures.editions.lifecycle.execution import record_action
from procedures.models import Edition, Procedure

# A province publishes a national procedure under the national code with its own ending.
_ENDING = re.compile(r"(\.\d{2,3})*(\.[A-Y]\d{2})?$")
CODE = re.compile(r"\d\.\d{6}(\.\d{2,3})*(\.[A-Y]\d{2})?")


class CodeTaken(Refused):
    """The code, with or without a province's ending, is another procedure's; `edition` is where to look at it."""

    def __init__(self, procedure: Procedure, edition: Edition | None) -> None:
        self.procedure, self.edition = procedure, edition
        title = edition.title if edition else procedure.code
        super().__init__(
            "taken",
            _("Mã %(code)s đã có trong danh mục: “%(title)s”. Hãy mở thủ tục đó để sửa, hoặc ghi mã khác.")
            % {"code": procedure.code, "title": title},
            field="code",
        )


def refusal_of_code(code: str) -> CodeTaken | None:
    """The refusal when no procedure can be started under a code; None when it is free.

    Free is also a code of which nothing was ever published and whose drafts were all withdrawn.
    """
    stem = _ENDING.sub("", code)
    same = Procedure.objects.filter(code__startswith=stem).select_related("current").order_by("code")
    for procedure in same:
        if _ENDING.sub("", procedure.code) != stem:
            continue
        last = procedure.current or procedure.editions.order_by("-number").first()
        if last is not None and (procedure.code != code or last.status != Edition.Status.WITHDRAWN):
            return CodeTaken(procedure, last)
    return None


def start_new_procedure(facts: Facts, *, internal: bool, by: Actor, at: datetime) -> Edition:
    """The first draft of a new procedure; an internal one never stands on the public list.

    Raises Refused (CodeTaken when the code has a procedure).
    """
    drafts.require_drafter(by)
    facts = canonical_text(facts)
    if found := problems_of(facts):
        raise Refused("invalid", _("Chưa lưu được: %(problems)s") % {"problems": "; ".join(found[:5])})
    kind = Procedure.Kind.INTERNAL if internal else Procedure.Kind.RECEIVABLE
    with transaction.atomic():
        if refusal := refusal_of_code(facts["code"]):
            raise refusal
        try:
            with transaction.atomic():
                procedure, made = Procedure.objects.select_for_update(of=("self",)).get_or_create(
                    code=facts["code"], defaults={"kind": kind}
                )
                if not made:
                    procedure.kind = kind
                    procedure.save(update_fields=["kind"])
                draft = drafts.write_first(procedure, facts, by)
        except IntegrityError as error:
            raise Refused("under_way", _("Người khác vừa lập dự thảo với mã này.")) from error
        record_action(draft, "draft", by, at, before="", facts={"new_procedure": True})
    return draft
