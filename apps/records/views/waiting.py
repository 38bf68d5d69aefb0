"""The two sides of the review: what staff have to look through, and what a unit has to hand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import View

from apps.core.errors import DomainError
from apps.core.keys import parse_key
from apps.records import bulk, finding, past, registry, waiting
from apps.records.actors import Actor
from apps.records.errors import FilterError
from apps.records.models import Record
from apps.records.past import Past
from apps.records.registry import RecordType
from apps.records.scope import Scope
from apps.records.views.base import DomainErrorMixin, SignedInMixin
from apps.records.waiting import Waiting, Wanted

State = Record.State
SIZES = (20, 50, 100)
TOLD = 5  # records that a message names
WITHOUT_REASON = "请写明退回理由，填报单位据此修改。"
DONE = {
    "approve": "审核通过 {} 条，计入统计。",
    "return": "已退回 {} 条，填报单位会看到退回理由。",
    "submit": "已报送 {} 条，等待审核。",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A waiting record as a line of the page. ``key`` carries the version that was looked at."""

    key: str
    row: Any
    type_name: str
    url: str
    facts: str
    past: Past
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A type, a unit or a state to narrow the page to."""

    label: str
    count: int
    query: str
    is_current: bool


class WaitingView(SignedInMixin, DomainErrorMixin, View):
    """What both pages share: the filter in the address, the lines, the deed on the ticked ones."""

    side = ""
    template = ""
    moves: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and waiting.side_of(request.user) != self.side:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.scope = Scope.of(request.user)
        self.ticked: set[str] = set()
        self.reason = ""

    # -- reading -----------------------------------------------------------------------------------

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, fault: str = "") -> HttpResponse:
        types = waiting.types_of(self.request.user, self.side)
        found = waiting.count(types, self.scope, self.side)
        self.request.waiting = found  # type: ignore[attr-defined]
        wanted = self.wanted(types)
        total = sum(
            line.count
            for line in found.lines
            if line.record_type in wanted.types
            and line.state in wanted.states
            and wanted.owner in (None, line.owner)
        )
        size = self.number("size", SIZES[0], SIZES)
        last = max(-(-total // size), 1)
        page = min(self.number("page", 1), last)
        keys = waiting.keys(wanted, self.scope, (page - 1) * size, page * size)
        context = {
            "found": found, "items": self.items(waiting.rows(keys, self.scope)), "total": total,
            "types": self.type_choices(found, wanted), "fault": fault, "reason": self.reason,
            "pages": self.pages(page, last), "page": page, "last": last,
            "has_filter": bool(self.request.GET), **self.more(found, wanted),
        }  # fmt: skip
        return render(self.request, self.template, context)

    def more(self, found: Waiting, wanted: Wanted) -> dict[str, Any]:
        """What only one of the two pages shows."""
        return {}

    def wanted(self, types: Sequence[RecordType]) -> Wanted:
        """The filter of the address; FilterError for what is none."""
        label = self.request.GET.get("type", "")
        chosen = [t for t in types if t.label == label] if label else types
        if not chosen:
            raise FilterError("地址中的记录类型不正确，请从页面上的链接重新进入。")
        return Wanted(chosen, self.states(), self.owner())

    def states(self) -> Sequence[str]:
        return waiting.STATES[self.side]

    def owner(self) -> int | None:
        text = self.request.GET.get("unit", "")
        key = parse_key(text)
        if text and key is None:
            raise FilterError("地址中的单位不正确，请从页面上的链接重新进入。")
        return key

    def number(self, name: str, default: int, allowed: Sequence[int] = ()) -> int:
        text = self.request.GET.get(name, "")
        number = parse_key(text) if text else default
        if not number or (allowed and number not in allowed):
            raise FilterError("地址中的页码或每页条数不正确，请从页面上的链接重新进入。")
        return number

    def query(self, **changes: Any) -> str:
        """The address with some of its parts changed; a new filter begins at the first page."""
        query = self.request.GET.copy()
        for name, value in ({"page": ""} | changes).items():
            query[name] = str(value)
            if not value:
                del query[name]
        return f"?{query.urlencode()}"

    def pages(self, page: int, last: int) -> dict[str, str]:
        return {
            "previous": self.query(page=page - 1) if page > 1 else "",
            "next": self.query(page=page + 1) if page < last else "",
        }

    def items(self, rows: Sequence[Any]) -> list[Item]:
        told = past.of(rows)
        found = []
        for row in rows:
            record_type = registry.of(type(row))
            key = f"{record_type.label}:{row.pk}:{row.version}"
            found.append(
                Item(
                    key, row, record_type.name, record_type.url("detail", row.pk),
                    finding.facts(record_type, row), told[row._meta.label, row.pk],
                    key in self.ticked,
                )
            )  # fmt: skip
        return found

    def type_choices(self, found: Waiting, wanted: Wanted) -> list[Choice]:
        """All types, then each with what waits under the other filters."""
        lines = [
            line
            for line in found.lines
            if line.state in wanted.states and wanted.owner in (None, line.owner)
        ]
        narrowed = Waiting(self.side, lines)
        label = self.request.GET.get("type", "")
        total = sum(line.count for line in lines)
        choices = [Choice("全部", total, self.query(type=""), not label)]
        for record_type, count in narrowed.by_type():
            query = self.query(type=record_type.label)
            choices.append(Choice(record_type.name, count, query, record_type.label == label))
        return choices

    # -- the deed ----------------------------------------------------------------------------------

    def post(self, request: HttpRequest) -> HttpResponse:
        move = request.POST.get("move", "")
        if move not in self.moves:
            raise DomainError("没有这种办理方式，请从页面上的按钮办理。")
        self.reason = request.POST.get("reason", "").strip()
        self.ticked = set(request.POST.getlist("row"))
        if move == "return" and not self.reason:
            return self.page(fault=WITHOUT_REASON)
        try:
            rows = self.chosen()
            if not rows:
                return self.page(fault="还没有选择记录，请先在前面的方框里打勾。")
            self.carry_out(rows, move)
        except DomainError as error:
            return self.page(fault=error.message)
        return HttpResponseRedirect(request.get_full_path())

    def chosen(self) -> list[Any]:
        """The ticked records, as far as they are still what was looked at."""
        versions = {}
        for text in self.ticked:
            label, _, rest = text.partition(":")
            key, _, version = rest.partition(":")
            versions[label, parse_key(key)] = parse_key(version)
        known = {t.label for t in waiting.types_of(self.request.user, self.side)}
        pairs = [(label, key) for label, key in versions if label in known and key is not None]
        rows = waiting.rows(pairs, self.scope)
        kept = [row for row in rows if row.version == versions[row._meta.label, row.pk]]
        changed = [row for row in rows if row not in kept]
        self.tell([(row, "在您打开之后有了改动，请核对后再办理。") for row in changed])
        if missing := len(self.ticked) - len(rows):
            messages.warning(self.request, f"有 {missing} 条记录已删除或不在您的管理范围内。")
        if changed and not kept:
            raise DomainError("没有办理任何一条，请核对下面的最新情况。")
        return kept

    def carry_out(self, rows: Sequence[Any], move: str) -> None:
        """Move records of several types, all of those that may be or none."""
        actor = Actor.of(self.request).because(self.reason)
        by_type: dict[type[models.Model], list[Any]] = {}
        for row in rows:
            by_type.setdefault(type(row), []).append(row)
        plans = [
            bulk.plan_review(registry.of(model), part, move, by=actor)
            for model, part in by_type.items()
        ]
        with transaction.atomic():
            count = sum(bulk.carry_out(plan, by=actor) for plan in plans)
        self.tell([(one.row, one.reason) for plan in plans for one in plan.refused])
        self.tell([(row, "此前已经办理过。") for plan in plans for row in plan.unchanged])
        if count:
            messages.success(self.request, DONE[move].format(f"{count:,}"))

    def tell(self, refused: Sequence[tuple[Any, str]]) -> None:
        """Which records were not moved, and why."""
        for row, reason in refused[:TOLD]:
            messages.warning(self.request, f"“{row}”没有办理：{reason}")
        if len(refused) > TOLD:
            messages.warning(self.request, f"另有 {len(refused) - TOLD} 条没有办理。")


class QueueView(WaitingView):
    """``/review/``: what units have handed in, those that wait longest first."""

    side = waiting.REVIEW
    template = "records/review/queue.html"
    moves = ("approve", "return")

    def more(self, found: Waiting, wanted: Wanted) -> dict[str, Any]:
        chosen = {t.label for t in wanted.types}
        counts: dict[int, int] = {}
        for line in found.lines:
            if line.record_type.label in chosen:
                counts[line.owner] = counts.get(line.owner, 0) + line.count
        units = registry.get("organizations.Unit").queryset(self.scope).filter(pk__in=counts)
        named = sorted(((str(unit), unit.pk) for unit in units), key=lambda pair: pair[0])
        return {
            "units": [(pk, name, counts[pk], pk == wanted.owner) for name, pk in named],
            "type": self.request.GET.get("type", ""),
        }


class MineView(WaitingView):
    """``/review/mine/``: a unit's drafts, what came back with reasons, what is being reviewed."""

    side = waiting.SUBMIT
    template = "records/review/mine.html"
    moves = ("submit",)

    def states(self) -> Sequence[str]:
        state = self.request.GET.get("state", "")
        if not state:
            return [s for s in waiting.STATES[self.side] if s in waiting.DUE[self.side]]
        if state not in waiting.STATES[self.side]:
            raise FilterError("地址中的审核状态不正确，请从页面上的链接重新进入。")
        return [state]

    def more(self, found: Waiting, wanted: Wanted) -> dict[str, Any]:
        state = self.request.GET.get("state", "")
        types = {t.label for t in wanted.types}
        counts = Waiting(self.side, [n for n in found.lines if n.record_type.label in types])
        tabs = [Choice("要办的", counts.due, self.query(state=""), not state)]
        tabs += [
            Choice(word, number, self.query(state=key), key == state)
            for key, word, number in counts.by_state
        ]
        may_submit = any(s in waiting.DUE[self.side] for s in wanted.states)
        drafts = counts.count(state=State.DRAFT) if State.DRAFT in wanted.states else 0
        return {"tabs": tabs, "may_submit": may_submit, "drafts": drafts}

    def chosen(self) -> list[Any]:
        """The ticked records, or all drafts under the filter of the address."""
        if not self.request.POST.get("all"):
            return super().chosen()
        types = waiting.types_of(self.request.user, self.side)
        wanted = Wanted(self.wanted(types).types, [State.DRAFT])
        keys = waiting.keys(wanted, self.scope, 0, bulk.LIMIT + 1)
        bulk.check_size(len(keys))
        return waiting.rows(keys, self.scope)
