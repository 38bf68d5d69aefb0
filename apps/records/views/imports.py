"""The import wizard: upload, look at the preview and mend the mapping, confirm, take back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.generic import View

from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.importing import commit, staging, undo
from apps.records.importing.choices import (
    column_label,
    field_options,
    read_choices,
    setting_options,
    word_options,
)
from apps.records.importing.commit import Mode
from apps.records.importing.errors import ImportRefused
from apps.records.importing.faulty import write_faulty
from apps.records.importing.preview import PAGE
from apps.records.importing.template import NOT_SECRET, write_template
from apps.records.importing.undo import UndoRefused
from apps.records.importing.wording import ignored_words, type_sentences
from apps.records.models import ImportBatch
from apps.records.registry import RecordType
from apps.records.views.base import DomainErrorMixin, RecordView, SignedInMixin

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportBatch.State
REASONS_SHOWN = 50  # why an import cannot be taken back
TABS = {
    "faults": "错误", "changed": "更新", "new": "新增", "duplicates": "重复", "proposals": "将新建",
}  # fmt: skip


FIGURES = {
    "faulty_rows": "有错误的行", "new": "新增", "changed": "更新", "unchanged": "未变",
    "duplicates": "重复的行", "accepted_rows": "无误的行",
}  # fmt: skip


def workbook_response(data: bytes, name: str) -> HttpResponse:
    """A workbook to download under a Chinese name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(data, content_type=XLSX, headers=headers)


def _upload(request: HttpRequest, record_type: RecordType | None) -> HttpResponse:
    """Take in the file; what is wrong with it stands on the same page."""
    by = Actor.of(request)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ImportRefused("还没有选择文件，请先选择要导入的工作簿。")
        if (file.size or 0) > settings.UPLOAD_MAX_MB * 1024 * 1024:
            size = -(-(file.size or 0) // (1024 * 1024))
            raise ImportRefused(
                f"文件有 {size} MB，超过 {settings.UPLOAD_MAX_MB} MB 的上限。"
                "请删去图片，或按工作表、年份拆成几个文件后分别上传。"
            )
        batch = staging.stage(file.read(), name=file.name or "", by=by, record_type=record_type)
    except ImportRefused as error:
        return _upload_page(request, record_type, refusal=error.message)
    return redirect("import-batch", pk=batch.pk)


def _upload_page(
    request: HttpRequest, record_type: RecordType | None, refusal: str = ""
) -> HttpResponse:
    staging.expire()
    batches = staging.batches_of(Actor.of(request))
    if record_type:
        batches = batches.filter(record_type=record_type.label)
    context = {
        "record_type": record_type,
        "refusal": refusal,
        "not_secret": NOT_SECRET,
        "max_mb": settings.UPLOAD_MAX_MB,
        "kept_days": staging.KEPT_DAYS,
        "batches": batches[:10],
        "types": staging.importable_types(Actor.of(request)),
    }
    if record_type:
        context["list_url"] = record_type.url("list")
        context["template_url"] = record_type.url("template")
    return render(request, "records/import_upload.html", context)


class ImportView(RecordView):
    """Upload for one record type."""

    needs = "import"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _upload_page(request, self.record_type)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _upload(request, self.record_type)


class TemplateView(RecordView):
    """The workbook to fill in."""

    needs = "import"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = f"{self.record_type.name}导入模板.xlsx"
        return workbook_response(write_template(self.record_type), name)


class ImporterView(SignedInMixin, DomainErrorMixin, View):
    """Base of the pages that are not about one record type: for whoever may import something."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not staging.importable_types(Actor.of(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        return Actor.of(self.request)

    def batch(self) -> ImportBatch:
        """The reader's own import; anybody else's does not exist."""
        found = staging.batches_of(self.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found


class WorkbookImportView(ImporterView):
    """Upload of a workbook with any record types."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _upload_page(request, None)

    def post(self, request: HttpRequest) -> HttpResponse:
        return _upload(request, None)


class ImportBatchView(ImporterView):
    """One import: preview and mapping until it is confirmed, the result afterwards."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state != State.PREVIEW:
            return render(request, "records/import_result.html", self.result(batch))
        return render(request, "records/import_preview.html", self.preview(batch))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another mapping: plan anew."""
        batch = self.batch()
        _must_be_open(batch)
        if "no_memory" in request.POST:
            return self.replan(batch, no_memory=request.POST["no_memory"] == "1")
        types = self.types(batch)
        chosen = read_choices(batch.summary["sheets"], request.POST.dict(), types)
        merged = dict(batch.options.get("sheets", {}))
        for name, wanted in chosen.items():
            known = merged.get(name, {})
            if known.get("type", wanted["type"]) != wanted["type"]:
                known = {}
            merged[name] = {
                "type": wanted["type"],
                "columns": {**known.get("columns", {}), **wanted.get("columns", {})},
                "settings": {**known.get("settings", {}), **wanted.get("settings", {})},
                "words": both(known.get("words", {}), wanted.get("words", {})),
            }
        return self.replan(batch, sheets=merged)

    def replan(self, batch: ImportBatch, **options: Any) -> HttpResponse:
        batch.options = {**batch.options, **options}
        staging.refresh(batch, by=self.actor)
        batch.save(update_fields=["options", "summary"])
        messages.success(self.request, "已按新的对应关系重新检查。")
        return redirect("import-batch", pk=batch.pk)

    def types(self, batch: ImportBatch) -> list[RecordType]:
        types = staging.importable_types(self.actor)
        return [t for t in types if batch.record_type in ("", t.label)]

    def preview(self, batch: ImportBatch) -> dict[str, Any]:
        summary = batch.summary
        shown, totals = summary["shown"], summary["totals"]
        said = {key: f"{count:,}" for key, count in totals.items()}
        tabs = [(key, label, said[key]) for key, label in TABS.items() if totals[key]]
        wanted = self.request.GET.get("show", "")
        tab = wanted if wanted in {key for key, *_ in tabs} else (tabs[0][0] if tabs else "")
        page = Paginator(shown.get(tab, []), PAGE).get_page(self.request.GET.get("page"))
        return {
            "batch": batch,
            "summary": summary,
            "said": said,
            "figures": [(w, said[key]) for key, w in FIGURES.items() if totals[key]],
            "sentences": type_sentences(summary["counts"]),
            "ignored": ignored_words(summary["ignored_rows"]),
            "tabs": tabs,
            "tab": tab,
            "page": page,
            "cut": totals.get(tab, 0) - len(shown.get(tab, [])),
            "sheets": [self.sheet(place, s) for place, s in enumerate(summary["sheets"])],
            "types": self.types(batch),
            "proposals": shown["proposals"],
            "recalled": [text for sheet in summary["sheets"] for text in recalled(sheet)],
            "no_memory": batch.options.get("no_memory", False),
        }

    def sheet(self, place: int, sheet: dict[str, Any]) -> dict[str, Any]:
        record_type = registry.get(sheet["type"]) if sheet["type"] else None
        columns = [
            {**column, "name": f"column-{place}-{number}"}
            for number, column in enumerate(sheet["columns"])
        ]
        asked = [c for c in columns if c["how"] == "unknown" or c.get("source") == "memory"]
        lookups = setting_options(record_type, self.actor.scope) if record_type else []
        return {
            **sheet,
            "place": place,
            "type_name": record_type.name if record_type else "",
            "options": field_options(record_type) if record_type else [],
            "columns": columns,
            "asked": asked,
            "decided": [c for c in columns if c not in asked],
            "lookups": [
                (f"setting-{place}-{name}", label, rows, sheet["settings"].get(name, ""))
                for name, label, rows in lookups
            ],
            "unknown_words": unknown_words(record_type, place, sheet) if record_type else [],
        }

    def result(self, batch: ImportBatch) -> dict[str, Any]:
        counts = batch.summary.get("counts", {})
        may = self.request.user.has_perm
        seen = [registry.get(label) for label in counts]
        return {
            "batch": batch,
            "summary": batch.summary,
            "faulty": f"{batch.summary.get('faulty_rows', 0):,}",
            "sentences": type_sentences(counts),
            "ignored": ignored_words(batch.summary.get("ignored_rows", {})),
            "links": [(t.name, t.url("list")) for t in seen if may(t.permission("view"))],
            "can_undo": batch.state == State.DONE,
            "has_faulty": bool(batch.upload) and bool(batch.summary.get("faulty_rows")),
        }


def both(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Choices by heading and word, the newer ones over those made before."""
    return {name: {**known.get(name, {}), **more.get(name, {})} for name in [*known, *more]}


def unknown_words(
    record_type: RecordType, place: int, sheet: dict[str, Any]
) -> list[dict[str, Any]]:
    """The words that a field does not know, column by column, with what they may mean."""
    found: dict[int, dict[str, Any]] = {}
    for number, word in enumerate(sheet.get("words", ())):
        column = sheet["columns"][word["column"]]
        part = found.setdefault(word["column"], {"heading": column["heading"], "words": []})
        part["options"] = word_options(record_type, column["path"])
        part["words"].append({**word, "name": f"word-{place}-{number}"})
    return list(found.values())


def recalled(sheet: dict[str, Any]) -> list[str]:
    """What memory has settled, in words."""
    if not sheet["type"]:
        return []
    record_type, found = registry.get(sheet["type"]), []
    for column in sheet["columns"]:
        if column.get("source") == "memory":
            label = column_label(record_type, column["path"]) or "不导入"
            found.append(f"“{column['heading']}”列 → {label}")
    for word in sheet.get("words", ()):
        if word["source"] == "memory":
            column = sheet["columns"][word["column"]]
            label = dict(word_options(record_type, column["path"])).get(word["meaning"], "")
            found.append(f"“{column['heading']}”中的“{word['word']}” → {label}")
    return found


def _must_be_open(batch: ImportBatch) -> None:
    if batch.state != State.PREVIEW:
        raise DomainError(f"这次导入的状态是“{batch.get_state_display()}”，不能再更改。")


class ImportConfirmView(ImporterView):
    """Plan once more and save. What has changed since the preview is shown first."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch, by = self.batch(), self.actor
        _must_be_open(batch)
        before = batch.summary["totals"]
        mode: Mode = "valid" if request.POST.get("mode") == "valid" else "all"
        create = None if request.POST.get("create_all") else request.POST.getlist("create")
        result = staging.plan_of(batch, by=by, create=create)
        refused = result.faulty_rows - before["faulty_rows"]
        if refused > 0 and create is not None and len(create) < before["proposals"]:
            messages.error(
                request,
                f"有 {before['proposals'] - len(create)} 个名称未勾选新建，涉及 {refused} 行。"
                "请勾选要新建的，或在表中改为已有的名称。",
            )
            return redirect("import-batch", pk=batch.pk)
        if refused and mode == "valid":
            staging.refresh(batch, by=by)
            batch.save(update_fields=["summary"])
            messages.warning(request, "预览之后数据有了变化，请再核对一遍后确认。")
            return redirect("import-batch", pk=batch.pk)
        try:
            commit(result, by=by, mode=mode, batch=batch, file_name=batch.file_name)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"已导入“{batch.file_name}”。")
        return redirect("import-batch", pk=batch.pk)


class ImportUndoView(ImportBatchView):
    """Take an import back; where that cannot be, the page says which records stand in the way."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        try:
            undo(batch, by=self.actor)
        except UndoRefused as error:
            context = self.result(batch) | {"reasons": error.reasons[:REASONS_SHOWN]}
            context["more_reasons"] = max(0, len(error.reasons) - REASONS_SHOWN)
            return render(request, "records/import_result.html", context, status=409)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"已撤销“{batch.file_name}”的导入。")
        return redirect("import-batch", pk=batch.pk)


class ImportDiscardView(ImporterView):
    """Give an upload up."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        _must_be_open(batch)
        staging.discard(batch)
        messages.success(request, f"已放弃“{batch.file_name}”，上传的文件已删除。")
        return redirect("import")


class ImportFaultyView(ImporterView):
    """The faulty rows as a workbook."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        result = staging.plan_of(batch, by=self.actor)
        if not result.faults:
            raise DomainError("没有有错误的行，无需下载。")
        stem = batch.file_name.rpartition(".")[0] or batch.file_name
        return workbook_response(write_faulty(result), f"{stem}（待改正）.xlsx")
