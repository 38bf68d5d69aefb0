"""The page of one record: its facts, what points to it, its protected values, its review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.fields import EncryptedField
from apps.core.keys import parse_key
from apps.records import attachments, history, past, registry, related, review
from apps.records.attachments import kinds
from apps.records.extras import values
from apps.records.extras.definitions import TAGS
from apps.records.importing.template import NOT_SECRET
from apps.records.models import ChangeLog, Record
from apps.records.registry import RecordType
from apps.records.views.base import RecordView, wants_fragment
from apps.records.views.crumbs import crumbs

REASON = "reveal_reason"  # key in the session: why protected values are looked at
REVEAL = "records.reveal_protected"


@dataclass(slots=True)
class Fact:
    """One value of a record as the page shows it."""

    name: str
    label: str
    text: str
    url: str = ""
    is_wide: bool = False
    is_protected: bool = False
    is_owed: bool = False
    clear: str = ""


@dataclass(slots=True)
class Section:
    """Facts under one heading."""

    heading: str
    facts: list[Fact]
    is_last: bool = False

    @property
    def known(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.text or fact.is_owed]

    @property
    def missing(self) -> str:
        return "、".join(f.label for f in self.facts if not f.text and not f.is_owed)


class DetailView(RecordView):
    """``<pk>/``; HTMX asks for one tab of the related lists."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.row(pk)
        who: dict[str, Any] = {"user": request.user, "scope": self.scope}
        tabs = related.tabs_of(self.record_type, row, **who)
        wanted = request.GET.get("tab")
        chosen = next((tab for tab in tabs if tab.key == wanted), tabs[0] if tabs else None)
        if chosen:
            related.open_tab(chosen, self.record_type, row, **who)
        if wants_fragment(request) and "tab" in request.GET:
            return render(request, "records/_related.html", {"tabs": tabs, "tab": chosen})
        return self.page(row, tabs=tabs, tab=chosen)

    def row(self, pk: int) -> Any:
        rows = self.rows().select_related(*self.record_type.references(self.record_type.model))
        row = rows.filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def page(self, row: Any, **more: Any) -> HttpResponse:
        record_type, user = self.record_type, self.request.user
        waits = review.may_review(row)
        context = {
            "row": row,
            "facts": [str(fact) for fact in record_type.detail_facts(row) if fact],
            "sections": self.sections(row),
            "keeping": self.keeping(row),
            **crumbs(record_type, row),
            "urls": {
                a: record_type.url(a, row.pk) for a in ("edit", "delete", "history", "attach")
            },
            "review_url": record_type.url("review", row.pk),
            "reveal_url": record_type.url("reveal", row.pk),
            "may_reveal": user.has_perm(REVEAL),
            "may_submit": self.allowed("change") and review.may_submit(row),
            "may_review": waits and user.has_perm(review.PERMISSION),
            "waits": waits,
            "past": past.of([row])[row._meta.label, row.pk] if waits else None,
            "shelf": attachments.shelf_of(record_type, row),
            **self.upload_rules(),
            **more,
        }
        return self.render("records/detail.html", **context)

    def upload_rules(self) -> dict[str, Any]:
        """What the form that takes in files says beforehand."""
        return {
            "accepted": kinds.ACCEPTED,
            "extensions": ",".join(kinds.EXTENSIONS),
            "max_mb": settings.UPLOAD_MAX_MB,
            "max_files": settings.ATTACHMENTS_PER_RECORD,
            "not_secret": NOT_SECRET,
        }

    def sections(self, row: Any) -> list[Section]:
        """The declared sections: what is known in columns, what is not by name only."""
        named = [*self.record_type.all_sections, ("", ["remarks"])]
        found = [
            Section(head, [self.fact(row, n) for n in names if _is_there(row, n)], is_last=not head)
            for head, names in named
        ]
        return [section for section in found if section.known or not section.is_last]

    def keeping(self, row: Any) -> list[tuple[str, str, str]]:
        """Whose record it is, who made and who changed it: (label, text, address)."""
        owner = [self.fact(row, "owner")] if isinstance(row, Record) else []
        found = [(fact.label, fact.text, fact.url) for fact in owner]
        made, changed = self._touch(row, "created"), self._touch(row, "updated")
        found.append(("新增", made, ""))
        if row.version > 1:
            found.append(("最近修改", changed, ""))
        if row.batch_id:
            found.append(("导入批次", str(row.batch), ""))
        return found

    def _touch(self, row: Any, verb: str) -> str:
        at = timezone.localtime(getattr(row, f"{verb}_at"))
        return f"{getattr(row, f'{verb}_by') or '系统'} {at:%Y-%m-%d %H:%M}"

    def fact(self, row: Any, name: str) -> Fact:
        column = self.record_type.column(name)
        field = self.record_type.field(name)
        return Fact(
            name=name,
            label=column.label,
            text=column.text(row),
            url=self._address(row, field),
            is_wide=column.kind == "long" or (getattr(field, "max_length", None) or 0) >= 150,
            is_protected=column.kind == "protected",
            is_owed=field.editable and not field.blank,
        )

    def _address(self, row: Any, field: Any) -> str:
        """Page of a record that this one points to, where the reader may open it."""
        key = getattr(row, field.attname) if isinstance(field, models.ForeignKey) else None
        if key is None:
            return ""
        try:
            target = registry.of(field.related_model)
        except KeyError:
            return ""
        may = self.request.user.has_perm(target.permission("view"))
        seen = may and self._is_in_scope(target, getattr(row, field.name))
        return target.url("detail", key) if seen else ""

    def _is_in_scope(self, target: RecordType, other: Any) -> bool:
        path = target.model.scope_path
        if not path or self.scope.is_everything:
            return True
        if "__" not in path:
            return self.scope.covers(getattr(other, path))
        return target.queryset(self.scope).filter(pk=other.pk).exists()


def _is_there(row: Any, name: str) -> bool:
    """A record without tags owes none."""
    return name != TAGS or bool(values.read(row, TAGS))


class RevealView(DetailView):
    """``<pk>/reveal/``: the plain text of one protected value, by POST, each time logged."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(REVEAL):
            raise PermissionDenied
        row = self.row(pk)
        name = request.POST.get("field", "")
        self._check(name)
        reason = request.POST.get("reason", "").strip()[:300]
        if reason:
            request.session[REASON] = reason
        reason = request.session.get(REASON, "")
        fact = self.fact(row, name)
        value = getattr(row, name)
        asks = bool(value) and not reason
        if value and reason:
            fact.clear = value.reveal()
            self._record(row, name, reason)
        response = self._answer(row, fact, asks)
        response["Cache-Control"] = "no-store"
        return response

    def _check(self, name: str) -> None:
        try:
            field = self.record_type.model._meta.get_field(name)
        except FieldDoesNotExist:
            field = None
        if not isinstance(field, EncryptedField) or name not in self.record_type.fields:
            raise Http404

    def _record(self, row: Any, name: str, reason: str) -> None:
        mask = str(getattr(row, name))
        history.log_change(
            ChangeLog.Action.REVEAL,
            by=self.actor.because(reason),
            record=row,
            changes={name: [mask, mask]},
        )

    def _answer(self, row: Any, fact: Fact, asks: bool) -> HttpResponse:
        reveal_url = self.record_type.url("reveal", row.pk)
        context = {"fact": fact, "asks": asks, "reveal_url": reveal_url, "may_reveal": True}
        if wants_fragment(self.request):
            return render(self.request, "records/_protected.html", context)
        return self.page(row, shown=fact, asks=asks, tabs=[], tab=None)


class ReviewView(DetailView):
    """``<pk>/review/``: 报送, 审核通过, 退回."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.row(pk)
        if not isinstance(row, Record):
            raise Http404
        if "version" in request.POST:  # what the reader saw is what is reviewed
            row.version = parse_key(request.POST["version"]) or 0
        try:
            self._move(row, request.POST.get("move", ""))
        except DomainError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(self.record_type.url("detail", pk))

    def _move(self, row: Record, move: str) -> None:
        actor = self.actor.because(self.request.POST.get("reason", "").strip())
        if move == "submit":
            if not self.allowed("change"):
                raise PermissionDenied
            review.submit(row, by=actor)
            messages.success(self.request, f"已报送“{row}”，等待审核。")
            return
        if not self.request.user.has_perm(review.PERMISSION):
            raise PermissionDenied
        if move == "approve":
            review.approve(row, by=actor)
            messages.success(self.request, f"“{row}”审核通过，计入统计。")
        elif move == "return":
            review.send_back(row, by=actor)
            messages.success(self.request, f"已退回“{row}”。")
        else:
            raise DomainError("没有这种办理方式，请从页面上的按钮办理。")
