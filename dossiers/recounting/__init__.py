"""Dates counted anew after a calendar changed: which records are touched, what moves, and how it is written."""

from dossiers.recounting.moves import Move, of_dossiers, of_feedback
from dossiers.recounting.span import Span
from dossiers.recounting.touched import dossiers_after, feedback_after
from dossiers.recounting.writing import TOLD, write

__all__ = ["TOLD", "Move", "Span", "dossiers_after", "feedback_after", "of_dossiers", "of_feedback", "write"]
