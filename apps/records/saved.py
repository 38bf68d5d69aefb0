"""Lists that people keep under a name: conditions, order and columns, their own or shared.

What is kept is what stands in an address; whoever opens it sees it in their own scope.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest

from apps.core.errors import DomainError
from apps.records.errors import FilterError
from apps.records.filters import RecordFilter, ReferenceFilter, RelatedFilter
from apps.records.listing import Listing
from apps.records.models import SavedFilter
from apps.records.registry import RecordType

PERMISSION = "records.manage_savedfilter"
LONGEST = 40  # letters of a name
MENU = 30  # of them in the menu of a list; all stand on their page
PASSING = ("page", "size", "fields", "purpose", "columns")
NUMBER = re.compile(r"\d{11}")  # a number of a person is at least as long
REFUSED = "常用筛选里不能有证件号码、手机号码等号码，请去掉后再保存。"


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept list as its menu shows it."""

    saved: SavedFilter
    url: str
    is_own: bool
    is_current: bool = False

    @property
    def who(self) -> str:
        """Who shared it; empty for one's own."""
        return "" if self.is_own else str(self.saved.user)


def visible(user: Any, record_type: RecordType) -> QuerySet[SavedFilter]:
    """What somebody may open: their own first, then the shared ones."""
    found = SavedFilter.objects.filter(
        Q(user=user.pk) | Q(is_shared=True), record_type=record_type.label
    )
    own_first = Case(When(user=user.pk, then=0), default=1)
    return found.select_related("user").order_by(own_first, "name", "pk")


def entries(listing: Listing, rows: QuerySet[SavedFilter]) -> list[Entry]:
    """The rows for the menu, the one that is open marked."""
    user, record_type = listing.request.user, listing.record_type
    params, columns = what_is_kept(listing), listing.one("columns")
    return [
        Entry(
            saved,
            record_type.url("filter", saved.pk),
            is_own=saved.user_id == user.pk,
            is_current=saved.params == params and ",".join(saved.columns) == columns,
        )
        for saved in rows
    ]


def what_is_kept(listing: Listing) -> dict[str, list[str]]:
    """The conditions and the order of an address."""
    return {name: values for name, values in listing.params.items() if name not in PASSING}


def query_of(saved: SavedFilter, record_type: RecordType) -> str:
    """The address that opens it; a column that is no longer there is left out."""
    params = {name: list(values) for name, values in dict(saved.params).items()}
    known = record_type.all_columns
    if columns := [name for name in saved.columns if name in known]:
        params["columns"] = [",".join(columns)]
    return urlencode(params, doseq=True)


def keep(
    listing: Listing, *, name: str, is_shared: bool, with_columns: bool, replace: bool = False
) -> SavedFilter:
    """Keep a list under a name; DomainError for what cannot be kept."""
    check(listing)
    check_name(name)
    user: Any = listing.request.user
    record_type = listing.record_type
    own = SavedFilter.objects.filter(user=user.pk, record_type=record_type.label, name=name)
    saved = own.first() or SavedFilter(user_id=user.pk, record_type=record_type.label, name=name)
    if saved.pk and not replace:
        raise DomainError(f"您已有名为“{name}”的常用筛选，请换一个名称，或勾选“替换原来的”。")
    saved.params = what_is_kept(listing)
    saved.columns = [column.name for column in listing.columns] if with_columns else []
    saved.is_shared = is_shared
    saved.save()
    return saved


def check(listing: Listing) -> None:
    """FilterError for an address that cannot be opened or holds the number of a person."""
    for values in what_is_kept(listing).values():
        if any(NUMBER.search("".join(value.split())) for value in values):
            raise FilterError(REFUSED)
    listing.conditions()
    listing.order()
    _ = listing.columns, listing.texts


def check_name(name: str) -> None:
    if not name:
        raise DomainError("请填写名称。")
    if len(name) > LONGEST:
        raise DomainError(f"名称最多 {LONGEST} 个字，请改短一些。")
    if NUMBER.search("".join(name.split())):
        raise DomainError(REFUSED)


def may_delete(saved: SavedFilter, user: Any) -> bool:
    """One's own; a shared one also who keeps order among them."""
    return saved.user_id == user.pk or (saved.is_shared and user.has_perm(PERMISSION))


def fault_of(saved: SavedFilter, request: HttpRequest, record_type: RecordType) -> str:
    """Why it opens no more for this reader; empty when it does."""
    try:
        check(Listing(request, record_type, query=query_of(saved, record_type)))
    except DomainError as error:
        return error.message
    return ""


def in_words(saved: SavedFilter, request: HttpRequest, record_type: RecordType) -> str:
    """Its conditions in one line, without a query: records that it names are only counted."""
    listing = Listing(request, record_type, query=query_of(saved, record_type))
    if listing.lens_param:
        return "统计指标的口径"
    parts = []
    try:
        if listing.period is not None:
            parts.append(f"时段：{listing.period.label}")
        if listing.one("as_of") and listing.as_of:
            parts.append(f"截至：{listing.as_of:%Y-%m-%d}")
        for name, values in listing.cleaned.items():
            parts.append(_condition(listing, name, values))
        if listing.sort:
            up = "降序" if listing.sort.startswith("-") else "升序"
            label = record_type.all_columns[listing.sort.removeprefix("-")].label
            parts.append(f"按{label}{up}")
    except FilterError as error:
        return f"已不能使用：{error.message}"
    return "；".join(parts) or "全部"


def _condition(listing: Listing, name: str, values: list[Any]) -> str:
    known: RecordFilter = listing.filters.filters[name]
    inner = known.inner if isinstance(known, RelatedFilter) else known
    label = str(known.label).removesuffix("（及以上）")
    if isinstance(inner, ReferenceFilter):
        return f"{label}：{len(values)} 个"
    return f"{label}：{'、'.join(known.texts(values, listing.filters.context))}"
