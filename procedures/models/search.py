"""The words that the catalogue's names are made of, kept so that a mistyped one can be found again."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchWord(models.Model):
    word = models.CharField(max_length=60, primary_key=True)  # folded
    # The word, each form of it that lacks one letter, and its sound (procedures.search.spelling.word_forms).
    forms = ArrayField(models.CharField(max_length=61))
    procedures = models.IntegerField(default=0)  # how many procedures have it

    class Meta:
        indexes = [GinIndex(fields=["forms"], name="searchword_forms")]

    def __str__(self) -> str:
        return self.word
