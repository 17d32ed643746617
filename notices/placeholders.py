"""Texts that administrators write: only placeholders, conditions and lists of known names; nothing that runs or reads.

The language is Django's template language, cut down to ``{{ name }}``, ``{% if %}`` and ``{% for %}``.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.template import Context, Engine, TemplateSyntaxError
from django.template.base import FilterExpression, Node, TextNode, Variable, VariableNode
from django.template.defaulttags import ForNode, IfNode
from django.utils.translation import gettext as _

from core.refusals import Refused

_engine = Engine(autoescape=False, libraries={}, loaders=[])
DEEPEST = 3


class BadText(Refused):
    """A text cannot be used; the sentence says what to change."""

    def __init__(self, sentence: str) -> None:
        super().__init__("bad_text", sentence)


def check_placeholders(source: str, names: Iterable[str]) -> None:
    """Raise BadText unless `source` can be read and uses only the given names."""
    try:
        template = _engine.from_string(source)
    except TemplateSyntaxError as problem:
        raise BadText(_("Không đọc được nội dung: %(why)s. Hãy xem lại các dấu ngoặc.") % {"why": problem}) from problem
    _walk(template.nodelist, frozenset(names), 0)


def fill_placeholders(source: str, facts: Mapping[str, Any]) -> str:
    """The text with `facts` in place of the names. Facts that are missing leave nothing behind."""
    return _engine.from_string(source).render(Context(dict(facts), autoescape=False))


def _walk(nodes: Any, names: frozenset[str], depth: int) -> None:
    if depth > DEEPEST:
        raise BadText(_("Quá nhiều lớp điều kiện lồng nhau. Hãy viết đơn giản hơn."))
    for node in nodes:
        if isinstance(node, TextNode):
            continue
        if isinstance(node, VariableNode):
            _known(node.filter_expression, names)
        elif isinstance(node, IfNode):
            for condition, inside in node.conditions_nodelists:
                for expression in _expressions(condition):
                    _known(expression, names)
                _walk(inside, names, depth + 1)
        elif isinstance(node, ForNode):
            _known(node.sequence, names)
            _walk(node.nodelist_loop, names | set(node.loopvars), depth + 1)
            _walk(getattr(node, "nodelist_empty", ()), names, depth + 1)
        else:
            raise BadText(
                _("Chỉ được dùng chỗ điền {{ }}, điều kiện if và danh sách for; hãy bỏ %(what)s.") % _what(node)
            )


def _what(node: Node) -> dict[str, str]:
    token = getattr(node, "token", None)
    return {"what": "{% " + str(token.contents if token else type(node).__name__) + " %}"}


def _expressions(condition: Any) -> Iterator[FilterExpression]:
    """The values compared in an ``{% if %}``, however they are joined."""
    if condition is None:
        return
    if isinstance(getattr(condition, "value", None), FilterExpression):
        yield condition.value
        return
    for side in ("first", "second"):
        yield from _expressions(getattr(condition, side, None))


def _known(expression: Any, names: frozenset[str]) -> None:
    if expression.filters:
        raise BadText(_("Không dùng bộ lọc trong chỗ điền: %(token)s.") % {"token": expression.token})
    if not isinstance(expression.var, Variable) or expression.var.lookups is None:
        return  # a number or a text in quotes
    name, *inner = expression.var.lookups
    if name not in names or len(inner) > 1:
        raise BadText(
            _("Không có chỗ điền tên %(name)s. Các tên dùng được: %(names)s.")
            % {"name": expression.token, "names": ", ".join(sorted(names))}
        )
