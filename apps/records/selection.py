"""Which records of a list somebody has chosen: ticked ones, or all that its address asks for.

A selection goes from page to page in a sealed form field with the version of each row as it was
looked at, so that the deed can tell what changed meanwhile. It opens nothing: the rows are read
anew in the reader's own scope each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.keys import parse_key
from apps.records import bulk
from apps.records.errors import FilterError
from apps.records.listing import Listing
from apps.records.registry import RecordType

SALT = "records.selection"
HOURS = 8
NAMED = 5  # rows that a sentence names
EXPIRED = "这个页面已过期或不完整，没有作任何改动。请回到列表重新选择。"


@dataclass(frozen=True, slots=True)
class Selection:
    """``versions`` are the chosen rows in the order of the list; ``missing`` says how many of the
    ticked ones are not there for this reader.
    """

    record_type: RecordType
    query: str
    everything: bool
    versions: dict[int, int]
    missing: int = 0

    def __len__(self) -> int:
        return len(self.versions)

    @property
    def back_url(self) -> str:
        """The list that the rows were chosen from."""
        url = self.record_type.url("list")
        return f"{url}?{self.query}" if self.query else url

    def rows(self, request: HttpRequest) -> list[Any]:
        """The chosen rows that the reader may see, as they are now, in the same order."""
        chosen = self.record_type.queryset(request.scope)  # type: ignore[attr-defined]
        found = bulk.read(chosen.filter(pk__in=self.versions).order_by(), self.record_type)
        place = {pk: number for number, pk in enumerate(self.versions)}
        return sorted(found, key=lambda row: place[row.pk])

    def seal(self, user: Any) -> str:
        flat = [number for pair in self.versions.items() for number in pair]
        what = [self.record_type.label, user.pk, self.query, self.everything, flat]
        return signing.dumps(what, salt=SALT, compress=True)

    def again(self, request: HttpRequest) -> Selection:
        """The same choice as it is now."""
        return choose(
            request, self.record_type, self.query, None if self.everything else self.versions
        )


def opened(request: HttpRequest, record_type: RecordType, sealed: str) -> Selection:
    """A selection of an earlier page; FilterError for one that is too old or not ours."""
    try:
        label, user, query, everything, flat = signing.loads(
            sealed, salt=SALT, max_age=HOURS * 3600
        )
    except signing.BadSignature:
        raise FilterError(EXPIRED) from None
    if (label, user) != (record_type.label, request.user.pk):
        raise FilterError(EXPIRED)
    versions = dict(zip(flat[::2], flat[1::2], strict=True))
    return Selection(record_type, query, everything, versions)


def choose(
    request: HttpRequest, record_type: RecordType, query: str, keys: Iterable[int] | None
) -> Selection:
    """The rows of some keys, or all rows of an address; DomainError for more than one go takes."""
    listing = Listing(request, record_type, query=query)
    if keys is None:
        rows: QuerySet = listing.conditions()
    else:
        wanted = set(keys)
        bulk.check_size(len(wanted))
        rows = record_type.queryset(request.scope).filter(pk__in=wanted)  # type: ignore[attr-defined]
    pairs = rows.order_by(*listing.order()).values_list("pk", "version")
    versions = dict(pairs[: bulk.LIMIT + 1])
    if len(versions) > bulk.LIMIT:
        bulk.check_size(rows.count())
    missing = 0 if keys is None else len(wanted) - len(versions)
    return Selection(record_type, listing.query(), keys is None, versions, missing)


def posted(request: HttpRequest, record_type: RecordType) -> Selection:
    """What the form around a list says: ``row`` of this page, ``rows`` of others, or ``all``."""
    everything = bool(request.POST.get("all"))
    keys = None if everything else ticked(request)
    return choose(request, record_type, request.POST.get("query", ""), keys)


def ticked(request: HttpRequest) -> set[int]:
    """The keys of the ticked rows; FilterError for what cannot be one."""
    texts = [*request.POST.getlist("row"), *request.POST.get("rows", "").split(",")]
    keys = {parse_key(text) for text in texts if text}
    if None in keys:
        raise FilterError("所选记录的编号不正确，没有作任何改动。请回到列表重新选择。")
    return {key for key in keys if key is not None}


def news(before: Selection, now: Selection, rows: Sequence[Any]) -> list[str]:
    """What happened to chosen rows since they were looked at, as sentences; empty: nothing."""
    found = []
    if before.versions.keys() != now.versions.keys():
        found.append(_other_rows(before, now))
    changed = [row for row in rows if before.versions.get(row.pk, row.version) != row.version]
    names = "、".join(f"“{row}”（{row.updated_by or '他人'}）" for row in changed[:NAMED])
    if changed:
        more = f"等 {len(changed):,} 条" if len(changed) > NAMED else ""
        found.append(f"预览之后有人修改了{names}{more}。")
    return found


def _other_rows(before: Selection, now: Selection) -> str:
    if now.everything:
        was, count = len(before), len(now)
        if was == count:
            return f"符合条件的仍是 {count:,} 条，但与预览时不是同一些。"
        return f"符合条件的记录由 {was:,} 条变为 {count:,} 条。"
    gone = len(before.versions.keys() - now.versions.keys())
    return f"所选记录中有 {gone:,} 条已被删除，或不再属于您的权限范围。"
