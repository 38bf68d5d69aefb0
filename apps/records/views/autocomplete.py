"""Records to choose from while somebody types."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from apps.records.finding import by_words, facts, looks_like_id_number
from apps.records.views.base import RecordView

MOST = 20


class AutocompleteView(RecordView):
    """``?q=`` → ``{"results": [{id, key, text, hint}], "more": bool}``, at most 20 of the scope.

    ``key`` is the natural key that filters take, ``hint`` tells records of one name apart.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "")[:60].replace("\x00", "")
        if looks_like_id_number(text):
            return JsonResponse({"results": [], "more": False})  # never by an address
        rows = list(by_words(self.record_type, text, self.scope)[: MOST + 1])
        results = [self.result(row) for row in rows[:MOST]]
        response = JsonResponse({"results": results, "more": len(rows) > MOST})
        response["Cache-Control"] = "no-store"
        return response

    def result(self, row: Any) -> dict[str, Any]:
        key = str(getattr(row, self.record_type.natural_key))
        return {"id": row.pk, "key": key, "text": str(row), "hint": facts(self.record_type, row)}
