"""Which answers of a form are numbers that a fee is counted by, so that nobody is asked for them twice."""

from collections.abc import Mapping
from typing import Any

from procedures.questionnaire.layout import Layout


def counting_questions(layout: Layout) -> dict[str, str]:
    """What is counted ("copy", "page", "person", "item") to the id of the question whose answer is its number."""
    return {question.counts: question.id for _section, question in layout.questions() if question.counts}


def counted_answers(layout: Layout, values: Mapping[str, Any]) -> dict[str, int]:
    """The numbers that judged answers say; a question that was not asked, or stayed empty, counts none."""
    return {per: int(values.get(id_) or 0) for per, id_ in counting_questions(layout).items()}
