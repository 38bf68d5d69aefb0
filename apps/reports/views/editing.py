"""Editing a draft: paragraphs in place, with figures kept alive by the language."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.http import reswap, retarget

from apps.core.errors import DomainError
from apps.reports.document.lint import lint_text
from apps.reports.document.tree import Run
from apps.reports.drafting.draft import Cited
from apps.reports.models import Report, ReportBlock
from apps.reports.selectors.showing import edit_source
from apps.reports.services import editing, gaps
from apps.reports.views.base import number
from apps.reports.views.pages import DocumentView

Kind = ReportBlock.Kind


class EditView(DocumentView):
    """What the pages that change a report share."""

    needs = "change"

    def block(self, report: Report, pk: int) -> ReportBlock:
        found = report.blocks.filter(pk=pk).first()
        if found is None:
            raise Http404
        found.report = report
        return found

    def done(self, report: Report, block: int = 0) -> HttpResponse:
        """The changed part of the page, or the page itself at the block."""
        if not self.is_fragment:
            return self.go("reports-detail", report.pk, anchor=f"#block-{block}" if block else "")
        response = self.show(self.report(report.pk), "_body.html", at=block)
        return retarget(reswap(response, "outerHTML"), "#report-body")

    def editor(self, report: Report, **context: Any) -> HttpResponse:
        template = "_editor.html" if self.is_fragment else "editor.html"
        levels = ((1, "一级（一、）"), (2, "二级（（一））"), (3, "三级（1.）"))
        return self.render(template, report=report, levels=levels, **context)


class BlockView(EditView):
    """The editor of one block."""

    def get(self, request: HttpRequest, pk: int, block: int) -> HttpResponse:
        report = self.report(pk)
        row = self.block(report, block)
        return self.editor(report, row=row, source=edit_source(row))

    def post(self, request: HttpRequest, pk: int, block: int) -> HttpResponse:
        report = self.report(pk)
        row, source = self.block(report, block), request.POST.get("source", "")
        version = number(request, "version")
        level = number(request, "level", row.level)
        try:
            editing.edit_block(row, source, version=version, by=self.actor, level=level)
        except DomainError as error:
            response = self.editor(report, row=row, source=source, fault=error.message,
                                   version=version)  # fmt: skip
            return retarget(reswap(response, "innerHTML"), f"#block-{row.pk}")
        return self.done(report, row.pk)


class NewBlockView(EditView):
    """The editor of a block that is to be added behind another one."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        return self.editor(report, after=self.after(report), kind=Kind.PARAGRAPH, source="")

    def after(self, report: Report) -> ReportBlock | None:
        wanted = number(self.request, "after")
        return self.block(report, wanted) if wanted else None

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        after, source = self.after(report), request.POST.get("source", "")
        kind, level = request.POST.get("kind", ""), number(request, "level", 2)
        try:
            row = editing.add_block(
                report, source, after=after, kind=kind, level=level, by=self.actor
            )
        except DomainError as error:
            response = self.editor(report, after=after, kind=kind, level=level, source=source,
                                   fault=error.message)  # fmt: skip
            return retarget(reswap(response, "outerHTML"), "#new-block")
        return self.done(report, row.pk)


class MoveView(EditView):
    """Up or down past the neighbour."""

    def post(self, request: HttpRequest, pk: int, block: int, way: str) -> HttpResponse:
        report = self.report(pk)
        row = self.block(report, block)
        editing.move_block(row, -1 if way == "up" else 1, by=self.actor)
        return self.done(report, row.pk)


class DeleteBlockView(EditView):
    """Delete a block; the button that leads here has said what goes with it."""

    def post(self, request: HttpRequest, pk: int, block: int) -> HttpResponse:
        report = self.report(pk)
        row = self.block(report, block)
        editing.delete_block(row, version=number(request, "version"), by=self.actor)
        return self.done(report)


class GapView(EditView):
    """Write what was left out, or take it from the list."""

    def post(self, request: HttpRequest, pk: int, gap: int, way: str) -> HttpResponse:
        report = self.report(pk)
        row = report.gaps.filter(pk=gap).first()
        if row is None:
            raise Http404
        row.report = report
        if way == "fill":
            gaps.fill_gap(row, by=self.actor)
        else:
            gaps.dismiss_gap(row, by=self.actor)
        return self.done(report, row.block_id or 0)


class PreviewView(EditView):
    """What is being typed, as it would print; nothing is stored."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        source = request.POST.get("source", "")
        try:
            content, left_out, _ = editing.read_source(report, source)
        except DomainError as error:
            return self.render("_preview.html", fault=error.message)
        nodes = [node for sentence in content for node in sentence]
        runs = [
            Run(node.written.text, figure=node.citation.label)
            if isinstance(node, Cited)
            else Run(node)
            for node in nodes
        ]
        kind = "heading" if request.POST.get("kind") == Kind.HEADING else "paragraph"
        text = "".join(run.text for run in runs)
        remarks = lint_text(text, kind) if text else []  # type: ignore[arg-type]
        dropped = [gap.text.strip("[]？") for gap in left_out]
        return self.render("_preview.html", runs=runs, remarks=remarks, dropped=dropped)
