"""Actions on many records of a list: each is shown in numbers first and done when confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from apps.core.errors import DomainError
from apps.core.keys import parse_key
from apps.records import bulk, bulkforms, deleting, review, selection
from apps.records.errors import FilterError
from apps.records.extras.values import TAG_WORDS, tags_in_words
from apps.records.models import Record
from apps.records.selection import Selection
from apps.records.views.base import RecordView, error_response
from apps.records.views.crumbs import crumbs
from apps.records.views.exports import ask_for_export

NEEDS = {
    "edit": "change", "delete": "delete", "submit": "change", "approve": "view", "return": "view",
    "export": "export",
}  # fmt: skip
SHOWN = 50  # rows of a preview that stand on the page
DONE = "#done"  # tells the list that its ticks have served
AGAIN = "请核对下面的最新情况，再次确认。"


class BulkView(RecordView):
    """``bulk/``: what to do with the chosen rows comes as ``action``; ``stage`` is empty on the
    way from the list, ``ask`` when numbers are wanted and ``do`` when they are confirmed.
    """

    def permission(self) -> str:
        action = self.request.POST.get("action", "")
        return self.record_type.permission(NEEDS.get(action, "view"))

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(self.record_type.url("list"))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        self.action = request.POST.get("action", "")
        if self.action not in NEEDS:
            raise FilterError("没有这种批量操作，请回到列表，从表格下方的按钮办理。")
        self.check_review()
        if self.action == "export":
            return ask_for_export(self)
        self.notes: list[str] = []
        self.chosen = self.choose()
        if not self.chosen:
            return self.nothing()
        steps = {"edit": self.edit, "delete": self.delete}
        return steps.get(self.action, self.review)()

    def domain_error(self, error: DomainError) -> HttpResponse:
        status = 400 if isinstance(error, FilterError) else 409
        back = {"remedy_url": self.record_type.url("list"), "remedy": "回到列表"}
        return error_response(self.request, error, status=status, **back)

    def check_review(self) -> None:
        if self.action not in review.MOVES:
            return
        if not issubclass(self.record_type.model, Record):
            raise FilterError(f"{self.record_type.name}没有审核，不能批量办理。")
        if self.action != "submit" and not self.request.user.has_perm(review.PERMISSION):
            raise PermissionDenied

    # -- what is chosen --------------------------------------------------------------------------

    @property
    def stage(self) -> str:
        return self.request.POST.get("stage", "")

    def choose(self) -> Selection:
        """The chosen rows as they are now; notes say what is not as the reader saw it."""
        if "chosen" not in self.request.POST:
            return self.from_list()
        before = selection.opened(self.request, self.record_type, self.request.POST["chosen"])
        now = before.again(self.request)
        self.looked_at = before
        return now

    def from_list(self) -> Selection:
        now = selection.posted(self.request, self.record_type)
        self.looked_at = now
        seen = parse_key(self.request.POST.get("count", ""))
        if now.everything and seen is not None and seen != len(now):
            self.notes.append(
                f"您在列表中看到的是 {seen:,} 条，现在符合条件的是 {len(now):,} 条，请核对。"
            )
        if now.missing:
            self.notes.append(
                f"所选记录中有 {now.missing:,} 条已不存在，或不在您的权限范围内，没有计入。"
            )
        return now

    def nothing(self) -> HttpResponse:
        words = "没有符合条件的记录。" if self.chosen.everything else "请先勾选要处理的记录。"
        messages.warning(self.request, " ".join([*self.notes, words]))
        return HttpResponseRedirect(self.chosen.back_url)

    def rows_now(self) -> list[Any]:
        """The chosen rows whole, and what happened to them since they were looked at."""
        rows = self.chosen.rows(self.request)
        self.happened = selection.news(self.looked_at, self.chosen, rows)
        return rows

    def is_confirmed(self, count: int) -> bool:
        """Whether the deed may be done: nothing is other than it was said to be."""
        if self.stage != "do":
            return False
        news = self.happened
        said = parse_key(self.request.POST.get("count", ""))
        if not news and said != count:
            news = [f"现在将处理 {count:,} 条，与预览时不同。"]
        if news:
            self.notes.append("没有作任何改动：" + "".join([*news, AGAIN]))
        return not news

    # -- pages -----------------------------------------------------------------------------------

    def page(self, template: str, **more: Any) -> HttpResponse:
        context = {
            "action": self.action,
            "sealed": self.chosen.seal(self.request.user),
            "chosen": self.chosen,
            "count_text": f"{len(self.chosen):,}",
            "notes": self.notes,
            "back_url": self.chosen.back_url,
            **crumbs(self.record_type),
            **more,
        }
        response = self.render(f"records/bulk/{template}.html", **context)
        response["Cache-Control"] = "no-store"
        return response

    def done(self, text: str) -> HttpResponse:
        messages.success(self.request, text)
        return HttpResponseRedirect(self.chosen.back_url + DONE)

    def edit(self) -> HttpResponse:
        """Which field, which value, what that would do, done."""
        fields = bulkforms.offered(self.record_type, self.actor)
        name = self.request.POST.get("field", "")
        if name and name not in fields:
            raise FilterError("这个字段不能批量修改，请从列表中选择字段。")
        choices = [(key, str(field.label), key == name) for key, field in fields.items()]
        if not name:
            return self.page("edit", fields=choices)
        form = bulkforms.ValueForm(name, fields[name], self.request.POST if self.stage else None)
        if self.stage not in ("ask", "do") or not form.is_valid():
            return self.page("edit", fields=choices, form=form)
        rows = self.rows_now()
        actor = self.actor.because(f"批量修改 {len(rows):,} 条")
        plan = bulk.plan_edit(self.record_type, rows, name=name, value=form.value, by=actor)
        if plan.changed and self.is_confirmed(len(plan.changed)):
            count = bulk.carry_out(plan, by=actor)
            return self.done(f"已{self.edited(name, form, count)}。")
        column = self.record_type.all_columns[bulk.column_name(name)]
        context = {"form": form, "field": name, "label": column.label, "new": column.text(rows[0])}
        if name in TAG_WORDS:
            context["said"] = f"{self.edited(name, form, len(plan.changed))}。"
        return self.plan_page(plan, **context)

    def edited(self, name: str, form: bulkforms.ValueForm, count: int) -> str:
        """What an edit does, in words."""
        if name not in TAG_WORDS:
            return f"修改 {count:,} 条{self.record_type.name}的“{form.label}”"
        tags = tags_in_words(self.record_type.label, form.value)
        return f"给 {count:,} 条{self.record_type.name}{form.label}“{tags}”"

    def review(self) -> HttpResponse:
        """报送, 审核通过 or 退回; the last one asks for a reason."""
        reason = self.request.POST.get("reason", "").strip()[:300]
        actor = self.actor.because(reason)
        asks = self.action == "return" and not reason
        rows = self.rows_now()
        trial = actor.because(reason or "待填写")
        plan = bulk.plan_review(self.record_type, rows, self.action, by=trial)
        fault = "请写明退回理由，填报单位据此修改。" if asks and self.stage == "do" else ""
        if plan.changed and not asks and self.is_confirmed(len(plan.changed)):
            count = bulk.carry_out(plan, by=actor)
            return self.done(self.moved(count))
        word = review.WORDS[self.action]
        return self.plan_page(plan, word=word, reason=reason, fault=fault)

    def plan_page(self, plan: bulk.Plan, **more: Any) -> HttpResponse:
        """What would happen, in numbers and row by row."""
        parts = {"changed": plan.changed, "unchanged": plan.unchanged, "refused": plan.refused}
        figures = in_figures({name: len(part) for name, part in parts.items()})
        figures["reopened"] = f"{plan.reopened:,}"
        changes = plan.changed[:SHOWN]
        return self.page("plan", plan=plan, figures=figures, changes=changes, **more)

    def moved(self, count: int) -> str:
        tails = {"submit": "，等待审核", "approve": "，计入统计", "return": "给填报单位"}
        tail = tails[self.action]
        return f"已{review.WORDS[self.action]} {count:,} 条{self.record_type.name}{tail}。"

    def delete(self) -> HttpResponse:
        """All of them or none, unless the reader asks for the deletable ones alone."""
        rows = self.rows_now()
        plan = deleting.plan_deletes(rows, self.scope)
        wanted = plan.deletable
        may = not plan.refused or self.request.POST.get("only") == "deletable"
        same = self.request.POST.get("said", "") == plan.sentence
        confirmed = bool(wanted) and may and self.is_confirmed(len(wanted))
        if confirmed and not same:
            self.notes.append(f"没有作任何改动：预览之后关联的记录有变化。{AGAIN}")
        if confirmed and same:
            gone = self.record_type.delete_many(wanted, by=self.actor)
            return self.done(gone.sentence.replace("将删除", "已删除", 1))
        figures = in_figures({"deletable": len(wanted), "refused": len(plan.refused)})
        named = [one for one in plan.each if not one.is_refused][:SHOWN]
        return self.page("delete", plan=plan, figures=figures, named=named)


def in_figures(counts: dict[str, int]) -> dict[str, str]:
    """Numbers as they are written, and of each how many do not stand on the page."""
    rest = {f"{name}_rest": f"{n - SHOWN:,}" for name, n in counts.items() if n > SHOWN}
    return {name: f"{n:,}" for name, n in counts.items()} | rest
