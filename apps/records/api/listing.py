"""An address of the API's lists: read as strictly as that of a list page, and meaning the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from apps.records.api.serializers import api_url, shown_names
from apps.records.errors import FilterError
from apps.records.listing import OWN, Listing
from apps.records.registry import RecordType

ASKED = ("page", "size", "sort", "period", "as_of", "scope")
SUMS = "sums"


class ApiListing(Listing):
    """The rows, order and page of an address; no column layout of anybody's applies."""

    layout = None

    def __init__(self, request: HttpRequest, record_type: RecordType) -> None:
        super().__init__(request, record_type)
        self.base_url = api_url(record_type, "list")
        self.asked_sums = self.params.pop(SUMS, [])
        for name in self.params:
            if name in OWN and name not in ASKED:
                raise FilterError(f"接口没有名为“{name}”的参数，请查看接口说明。")
        if self.asked_sums not in ([], ["1"], ["0"]):
            raise FilterError("参数“sums”只能是 1 或 0。")

    def answer(self, results: Any) -> dict[str, Any]:
        """The page as JSON; ``results`` turns rows into JSON."""
        order = self.order()  # an impossible order or size is refused before anything is counted
        size, totals = self.page_size, self.totals
        page = self.page(totals.count)
        last = max(1, -(-totals.count // size))
        rows = self.rows(shown_names(self.record_type)).order_by(*order)
        body = {
            "count": totals.count,
            "page": page,
            "pages": last,
            "size": size,
            "next": self._beside(page + 1) if page < last else None,
            "previous": self._beside(page - 1) if page > 1 else None,
            "results": results(rows[(page - 1) * size : page * size]) if totals.count else [],
        }
        if self.asked_sums == ["1"]:
            body["sums"] = {name: _plain(value) for name, value in totals.sums.items()}
        if self.lens is not None:
            value = self.lens.value(self.conditions()) if self.lens.value else ""
            body["figure"] = {"parts": list(self.lens.parts), "text": value}
        return body

    def _beside(self, page: int) -> str:
        more = {SUMS: "1"} if self.asked_sums == ["1"] else {}
        return self.url(page=str(page), **more)


def _plain(value: Any) -> Any:
    """A sum in JSON: amounts as text, so that no reader rounds them."""
    return f"{value:f}" if isinstance(value, Decimal) else value
