"""What imports have been taken to mean: to look at, and to forget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.core.keys import parse_key
from apps.records import registry
from apps.records.importing import memory
from apps.records.models import ImportMemory
from apps.records.registry import RecordType
from apps.records.views.imports import ImporterView

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    key: int
    type_name: str
    heading: str
    word: str
    meaning: str
    holder: str
    who: str
    when: str
    may_delete: bool


class ImportMemoryView(ImporterView):
    """``import/memory/``: everybody who imports may look; staff forget, a clerk what is theirs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = memory.visible_to(self.actor).select_related("unit", "updated_by")
        types = sorted(set(rows.order_by().values_list("record_type", flat=True)))
        wanted = request.GET.get("type", "")
        if wanted in types:
            rows = rows.filter(record_type=wanted)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        lines = self.lines(list(page))
        context = {
            "lines": lines,
            "may_delete": any(line.may_delete for line in lines),
            "page": page,
            "types": [(label, registry.get(label).name, label == wanted) for label in types],
            "wanted": wanted if wanted in types else "",
        }
        return render(request, "records/import_memory.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = [parse_key(text) for text in request.POST.getlist("key")]
        chosen = memory.deletable_by(self.actor).filter(pk__in=[key for key in keys if key])
        count, _ = chosen.delete()
        if count:
            messages.success(request, f"已删除 {count} 条对应记忆，下次导入时重新询问。")
        else:
            messages.warning(request, "请先勾选要删除的对应记忆。")
        return redirect("import-memory")

    def lines(self, rows: list[ImportMemory]) -> list[Line]:
        known, headings = memory.recall(self.actor), {}
        mine = set(memory.deletable_by(self.actor).values_list("pk", flat=True)) if rows else set()
        found = []
        for row in rows:
            record_type = registry.get(row.record_type)
            if row.record_type not in headings:
                held = known.get(row.record_type, memory.Memory())
                headings[row.record_type] = memory.headings_with(held, record_type)
            found.append(self.line(row, record_type, headings[row.record_type], row.pk in mine))
        return found

    def line(self, row: ImportMemory, record_type: RecordType, headings: Any, may: bool) -> Line:
        return Line(
            key=row.pk,
            type_name=record_type.name,
            heading=row.heading,
            word=row.word,
            meaning=memory.describe(row, record_type, headings),
            holder=str(row.unit or "全办"),
            who=str(row.updated_by or "系统"),
            when=f"{timezone.localtime(row.updated_at):%Y-%m-%d %H:%M}",
            may_delete=may,
        )
