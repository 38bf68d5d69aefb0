"""Pages on which a record is entered and edited, and the check while somebody types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from apps.core.errors import DomainError
from apps.core.keys import parse_key
from apps.records import conflicts, duplicates
from apps.records.errors import StaleRecord
from apps.records.formfields import ReferenceFormField
from apps.records.forms import RecordForm, form_class, initial_from
from apps.records.models import Record
from apps.records.views.base import RecordView
from apps.records.views.crumbs import crumbs

TRIES = 3  # how often a record may change again while it is being saved
AGAIN = "刚刚又有人修改了这条记录，没有保存；您填写的内容都在，请再次保存。"
SAID = 5  # changes of another that a message names
RACE = "刚刚有人保存了相同的记录，请核对后再保存。"


class FormView(RecordView):
    """What entering and editing share."""

    def form(self, data: Any = None, row: Any = None, initial: Any = None) -> RecordForm:
        made = form_class(self.record_type)
        return made(data, instance=row, initial=initial, actor=self.actor)

    def stored(self, pk: int) -> Any:
        rows = self.rows().select_related(*self.record_type.references(self.record_type.model))
        row = rows.filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def attempt(self, form: RecordForm) -> bool:
        """Save a form; what the write path refuses stands in its errors afterwards."""
        if not form.is_valid():
            return False
        try:
            with transaction.atomic():
                form.save()
        except ValidationError as error:
            form.attach(error)
        except StaleRecord:
            raise
        except DomainError as error:
            form.add_error(None, error.message)
        except IntegrityError:
            form.add_error(None, RACE)
        return form.is_valid()

    def page(self, form: RecordForm, *, row: Any = None, **more: Any) -> HttpResponse:
        record_type = self.record_type
        faulty = form.is_bound and bool(form.errors)
        found = duplicates.find(record_type, form.instance, self.scope) if faulty else []
        template = more.pop("template", "records/form.html")
        context = {
            "form": form,
            "row": row,
            **crumbs(record_type, row),
            "check_url": record_type.url("check"),
            "cancel_url": record_type.url("detail", row.pk) if row else record_type.url("list"),
            "twins": [twin for twin in found if twin.url or not twin.refused],
            **more,
        }
        response = self.render(template, **context)
        if form.is_bound:
            response["Cache-Control"] = "no-store"  # a typed number stands in it
        return response

    def after(self, row: Any, parent: str) -> str:
        """Where a saved record leads: to the record it was entered from, else to its own page."""
        field: Any = form_class(self.record_type).base_fields.get(parent)
        key = getattr(row, f"{parent}_id", None) if isinstance(field, ReferenceFormField) else None
        if key is None or not self.request.user.has_perm(field.target.permission("view")):
            return self.record_type.url("detail", row.pk)
        meta = self.record_type.model._meta
        tab = f"?tab={meta.app_label}-{meta.model_name}-{parent}"
        return field.target.url("detail", key) + tab

    def tell_saved(self, row: Any) -> None:
        text = f"已保存{self.record_type.name}“{row}”。"
        if isinstance(row, Record) and row.state == Record.State.DRAFT:
            text += "现为草稿，报送并审核后计入统计。"
        messages.success(self.request, text)


class CreateView(FormView):
    """``new/``: values may come with the address, such as ``?person=12``."""

    needs = "add"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = initial_from(self.record_type, request.GET.dict(), self.actor)
        return self.page(self.form(initial=initial), parent=self._parent(initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        parent = request.POST.get("parent", "")
        if not self.attempt(form):
            return self.page(form, parent=parent)
        row = form.instance
        self.tell_saved(row)
        for twin in duplicates.find(self.record_type, row, self.scope):
            messages.warning(request, twin.advice)
        if "another" in request.POST:
            query = f"?{parent}={getattr(row, parent + '_id')}" if self._is_parent(parent) else ""
            return HttpResponseRedirect(self.record_type.url("new") + query)
        return HttpResponseRedirect(self.after(row, parent))

    def _parent(self, initial: dict[str, Any]) -> str:
        return next((name for name in initial if self._is_parent(name)), "")

    def _is_parent(self, name: str) -> bool:
        field = form_class(self.record_type).base_fields.get(name)
        return isinstance(field, ReferenceFormField)


class UpdateView(FormView):
    """``<pk>/edit/``: when somebody else was faster, both versions are merged, and what both
    changed is asked.
    """

    needs = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.stored(pk)
        return self.page(self.form(row=row), row=row)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.stored(pk)
        data: Any = request.POST
        open_ones: dict[str, str] = {}
        if conflicts.ASKED in data:
            data, open_ones = conflicts.choices(data, self.form(row=self.stored(pk)))
        if open_ones or data.get("version") != str(row.version):
            return self.merge(data, pk, open_ones)
        form = self.form(data, row=row)
        try:
            saved = self.attempt(form)
        except StaleRecord:
            return self.merge(data, pk, open_ones)
        if not saved:
            return self.page(form, row=self.stored(pk))
        return self.saved(row)

    def saved(self, row: Any) -> HttpResponse:
        self.tell_saved(row)
        return HttpResponseRedirect(self.record_type.url("detail", row.pk))

    def merge(
        self, data: Any, pk: int, open_ones: dict[str, str], tries: int = TRIES
    ) -> HttpResponse:
        """Save what does not conflict with the newer version, or ask field by field."""
        stored, sent = self.form(row=self.stored(pk)), self.form(data, row=self.stored(pk))
        sent.is_valid()
        found = conflicts.merge(sent, stored, open_ones)
        if found.conflicts:
            return self.ask(found, stored.instance)
        form = self.form(found.data, row=self.stored(pk))
        try:
            saved = self.attempt(form)
        except StaleRecord:
            if tries > 1:
                return self.merge(data, pk, open_ones, tries - 1)
            form.add_error(None, AGAIN)
            return self.page(form, row=self.stored(pk))
        messages.info(self.request, self.told(found, stored.instance))
        return self.saved(form.instance) if saved else self.page(form, row=self.stored(pk))

    def told(self, found: conflicts.Merge, row: Any) -> str:
        other = row.updated_by or "他人"
        if not found.theirs:
            return f"您打开之后，{other}也保存过这条记录，与您填写的没有冲突。"
        changes = "；".join(str(change) for change in found.theirs[:SAID])
        more = f"等 {len(found.theirs)} 处" if len(found.theirs) > SAID else ""
        return f"您打开之后，{other}已把{changes}{more}。与您的修改不冲突，两边的修改都保留。"

    def ask(self, found: conflicts.Merge, row: Any) -> HttpResponse:
        """Nothing is saved yet: each conflict with a choice, everything else merged below."""
        form = self.form(found.data, row=self.stored(row.pk))
        form.is_valid()
        asked = {conflict.name for conflict in found.conflicts}
        rest = [
            (head, [bound for bound in fields if bound.name not in asked])
            for head, fields in form.sections
        ]
        return self.page(
            form,
            row=row,
            template="records/conflict.html",
            status=409,
            merged=found,
            rest=[(head, fields) for head, fields in rest if fields],
            rest_is_faulty=bool(set(form.errors) - asked),
            other=row.updated_by or "他人",
            when=row.updated_at,
            reload_url=self.record_type.url("edit", row.pk),
        )


class CheckView(FormView):
    """``check/``: by POST, so that a number never stands in an address. Says what follows from
    what was typed so far, what is wrong with the field just left, and which records are alike.
    """

    needs = "view"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not (self.allowed("add") or self.allowed("change")):
            raise PermissionDenied
        key = parse_key(request.POST.get("pk", ""))
        row = None if key is None else self.stored(key)
        form = self.form(request.POST, row=row)
        form.is_valid()
        name = request.POST.get("checked", "")
        twins = duplicates.find(self.record_type, form.instance, self.scope)
        response = JsonResponse(
            {
                "values": {n: self._typed(form, n) for n in sorted(form.auto_filled - {name})},
                "facts": self._facts(form),
                "errors": list(form.errors.get(name, [])),
                "twins": [{"text": twin.sentence, "url": twin.url} for twin in twins],
            }
        )
        response["Cache-Control"] = "no-store"
        return response

    def _typed(self, form: RecordForm, name: str) -> str:
        value = getattr(form.instance, name)
        shown = form.fields[name].widget.format_value(form.fields[name].prepare_value(value))
        return str(shown[0] if isinstance(shown, list) else shown)

    def _facts(self, form: RecordForm) -> list[dict[str, str]]:
        """Values that the type works out and that are known already, such as the age."""
        columns = [self.record_type.column(name) for name in self.record_type.computed]
        texts = [(column.label, column.text(form.instance)) for column in columns if form.instance]
        return [{"label": label, "text": text} for label, text in texts if text]
