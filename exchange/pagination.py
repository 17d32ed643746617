"""Pages by key, so that a deep page costs what the first does."""

from rest_framework.pagination import CursorPagination


class ByNewest(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"
