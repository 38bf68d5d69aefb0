"""The list of a record type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch

from apps.records import review, saved, years
from apps.records.cells import rows_of
from apps.records.columns import Column
from apps.records.errors import FilterError
from apps.records.listing import PAGE_SIZES, Listing, sortable
from apps.records.menu import AREAS
from apps.records.models import Record
from apps.records.querybar import query_bar
from apps.records.registry import RecordType
from apps.records.views.base import RecordView, wants_fragment

BATCH = (
    ("edit", "批量修改", "edit"), ("submit", "报送", "upload"), ("approve", "审核通过", "check"),
    ("return", "退回", "arrow-back-up"), ("export", "导出", "download"),
    ("delete", "删除", "trash"),
)  # fmt: skip
CARD = 3  # fields beside the name on the cards of a narrow screen


@dataclass(slots=True)
class Head:
    """One column heading; ``url`` sorts by it, ``sorted`` says how it is sorted now."""

    column: Column
    css: str
    url: str = ""
    sorted: str = ""
    total: str = ""


@dataclass(slots=True)
class Pager:
    """Where in the list the reader is; ``pages`` are (number, address), None is a gap."""

    count: int
    page: int
    last: int
    pages: list[tuple[int, str] | None]
    previous: str = ""
    next: str = ""

    @property
    def count_text(self) -> str:
        return f"{self.count:,}"


class ListView(RecordView):
    """Records that satisfy what the address asks, a page at a time."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            listing = Listing(request, self.record_type)
            context = self.result(listing)
        except FilterError as error:
            return self.refusal(error)
        if wants_fragment(request):
            return self.render("records/list/_result.html", **context)
        context |= {"bar": query_bar(listing), "area": AREAS.get(self.record_type.area, ("",))[0]}
        return self.render("records/list.html", **context)

    def refusal(self, error: FilterError) -> HttpResponse:
        """The sentence in place of the rows, with the form to ask anew."""
        context: dict[str, Any] = {
            "refusal": error.message,
            "list_url": self.record_type.url("list"),
        }
        if wants_fragment(self.request):
            return self.render("records/list/_refusal.html", 400, **context)
        bare = Listing(HttpRequest(), self.record_type)
        context |= {
            "bar": query_bar(bare, with_values=False),
            "area": AREAS.get(self.record_type.area, ("",))[0],
        }
        return self.render("records/list.html", 400, **context)

    def result(self, listing: Listing) -> dict[str, Any]:
        """Everything the swapped part of the page shows."""
        order = listing.order()
        totals = listing.totals
        page = listing.page(totals.count)
        size = listing.page_size
        keys = card_columns(listing.record_type, listing.columns)
        chips = listing.chips
        shown = listing.rows()[(page - 1) * size : page * size] if totals.count else []
        return {
            "listing": listing,
            "list_url": listing.base_url,
            "chips": chips,
            "lens": listing.lens,
            "figure": self.figure(listing),
            "heads": heads(listing, keys, order),
            "rows": rows_of(
                self.record_type, listing.columns, shown, keys, link=self.has("detail")
            ),
            "pager": pager(listing, totals.count, page),
            "sizes": [(s, s == size) for s in PAGE_SIZES],
            "kept": kept(listing),
            "query": listing.query("page"),
            "clear_url": listing.base_url,
            "year_url": self.year_url(listing),
            "year": years.working_year(self.request),
            "has": {a: self.has(a) for a in ("new", "import", "export", "layout")},
            "layout_url": self.layout_url(listing),
            "saved": self.saved(listing),
            "batch": self.batch() if totals.count else [],
            "tick_key": listing.url("sort", "size", "columns"),
        }

    def layout_url(self, listing: Listing) -> str:
        query = listing.query()
        return self.record_type.url("layout") + (f"?{query}" if query else "")

    def saved(self, listing: Listing) -> dict[str, Any]:
        """The kept lists that the reader may open; one query."""
        rows = saved.visible(self.request.user, self.record_type)[: saved.MENU + 1]
        found = saved.entries(listing, rows)
        return {
            "entries": found[: saved.MENU],
            "current": next((e for e in found if e.is_current), None),
            "url": self.record_type.url("filters"),
        }

    def batch(self) -> list[tuple[str, str, str]]:
        """What the reader may do with ticked rows: (action, word, icon)."""
        reviewed = issubclass(self.record_type.model, Record)
        reviews = reviewed and self.request.user.has_perm(review.PERMISSION)
        change = self.allowed("change")
        may = {
            "edit": change, "submit": reviewed and change and not reviews, "approve": reviews,
            "return": reviews, "export": self.allowed("export"), "delete": self.allowed("delete"),
        }  # fmt: skip
        return [entry for entry in BATCH if may[entry[0]]]

    def figure(self, listing: Listing) -> str:
        lens = listing.lens
        return lens.value(listing.conditions()) if lens is not None and lens.value else ""

    def year_url(self, listing: Listing) -> str:
        """The list of the working year, offered where nothing says another time."""
        if self.record_type.period is None or listing.lens or listing.one("period"):
            return ""
        return listing.url(period=str(years.working_year(self.request)))

    def has(self, action: str) -> bool:
        """Whether there is such a page at all."""
        try:
            self.record_type.url(action, *([0] if action == "detail" else []))
        except NoReverseMatch:
            return False
        return True


def card_columns(record_type: RecordType, columns: list[Column]) -> set[str]:
    """The fields that a card shows beside the name."""
    names = [c.name for c in columns[1:]]
    wanted = [name for name in record_type.card if name in names] or names
    return set(wanted[:CARD])


def heads(listing: Listing, keys: set[str], order: list[str]) -> list[Head]:
    able = sortable(listing.record_type)
    first = order[0] if order else ""
    found = []
    for column in listing.columns:
        css = "n" if column.is_right else ""
        if column.name in keys:
            css = f"{css} k".strip()
        head = Head(column, css)
        if column.name in able:
            up = first == column.name
            head.sorted = "ascending" if up else "descending" if first == f"-{column.name}" else ""
            head.url = listing.url(sort=f"-{column.name}" if up else column.name)
        total = listing.totals.sums.get(column.name)
        head.total = "" if total is None else column.show(total)
        found.append(head)
    return found


def pager(listing: Listing, count: int, page: int) -> Pager:
    last = max(1, -(-count // listing.page_size))
    near = {1, last, *range(max(1, page - 2), min(last, page + 2) + 1)}
    pages: list[tuple[int, str] | None] = []
    for number in sorted(near):
        if pages and pages[-1] is not None and number - pages[-1][0] > 1:
            pages.append(None)
        pages.append((number, listing.url(page=str(number))))
    return Pager(
        count, page, last, pages,
        previous=listing.url(page=str(page - 1)) if page > 1 else "",
        next=listing.url(page=str(page + 1)) if page < last else "",
    )  # fmt: skip


def kept(listing: Listing) -> list[tuple[str, str]]:
    """What the query form carries along although it has no control for it."""
    names = ["sort", "size", "columns", "period", "as_of", "scope", *listing.lens_names]
    return [(n, v) for n in dict.fromkeys(names) for v in listing.params.get(n, []) if v]
