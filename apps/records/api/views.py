"""Every record type over HTTP: the rows, rules and log of its pages, in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.keys import parse_key
from apps.records import duplicates, history, review
from apps.records.actors import Actor
from apps.records.api import describing
from apps.records.api.base import ApiView, Operation
from apps.records.api.errors import NOT_THERE, Existing, Faulty
from apps.records.api.extra import name_of
from apps.records.api.listing import ApiListing
from apps.records.api.serializers import RecordSerializer, api_url, serializer_class
from apps.records.errors import StaleRecord
from apps.records.formfields import ReferenceWidget
from apps.records.forms import RecordForm, form_class
from apps.records.registry import RecordType

NEEDS = {
    "list": "view", "retrieve": "view", "create": "add", "update": "change",
    "partial_update": "change", "destroy": "delete", "review": "view",
}  # fmt: skip
NO_VERSION = "请写明读到的版本（version），或在请求头 If-Match 中给出，以免覆盖他人的修改。"
STALE = "这条记录在您读取之后已被他人修改，没有保存。请核对后带上新的版本再提交。"
MOVES: dict[str, Callable[..., Any]] = {
    "submit": review.submit,
    "approve": review.approve,
    "return": review.send_back,
}


class RecordApi(ApiView):
    """One record type; ``urls`` passes it."""

    record_type: RecordType = None  # type: ignore[assignment]

    def permission(self) -> str:
        return self.record_type.permission(NEEDS.get(self.action, "view"))

    def describe(self) -> Operation:
        return describing.describe(self.record_type, self.action)

    @property
    def tag(self) -> str:  # type: ignore[override]
        return describing.tag_of(self.record_type)

    # -- reading ---------------------------------------------------------------------------------

    def serializer(self, *args: Any, **kwargs: Any) -> RecordSerializer:
        return serializer_class(self.record_type)(*args, **kwargs)

    def row(self, pk: int) -> Any:
        rows = self.record_type.queryset(self.scope)
        rows = rows.select_related(*self.record_type.references(self.record_type.model))
        row = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound(NOT_THERE)
        return row

    def shown(self, row: Any, status: int = 200) -> Response:
        response = Response(self.serializer(row).data, status=status)
        response["ETag"] = f'"{row.version}"'
        if status == 201:
            response["Location"] = api_url(self.record_type, "detail", row.pk)
        return response

    def list(self, request: Request) -> Response:
        listing = ApiListing(request._request, self.record_type)
        return Response(listing.answer(lambda rows: self.serializer(rows, many=True).data))

    def retrieve(self, request: Request, pk: int) -> Response:
        self.strictly()
        return self.shown(self.row(pk))

    # -- writing ---------------------------------------------------------------------------------

    def create(self, request: Request) -> Response:
        self.strictly()
        form = self.form(request.data, base=self.record_type.model())
        return self.shown(self.row(self.save(form).pk), 201)

    def update(self, request: Request, pk: int) -> Response:
        """Every field as sent; those left out become empty."""
        return self.change(pk, self.record_type.model())

    def partial_update(self, request: Request, pk: int) -> Response:
        return self.change(pk)

    def change(self, pk: int, base: Any = None) -> Response:
        self.strictly()
        row, sent = self.row(pk), self.request.data
        version = self.version(sent)
        form = self.form(sent, base=base or row, row=row)
        if version is None:
            raise Faulty({"version": [NO_VERSION]})
        if version != row.version:
            form.is_valid()
            raise StaleRecord(STALE, history.differences(form.instance, self.row(pk)))
        self.save(form)
        return self.shown(self.row(pk))

    def destroy(self, request: Request, pk: int) -> Response:
        self.strictly()
        row = self.row(pk)
        version = self.version({})
        if version not in (None, row.version):
            raise StaleRecord(STALE, {})
        gone = self.record_type.delete(row, by=self.actor)
        return Response({"detail": gone.sentence.replace("将删除", "已删除", 1)})

    def form(self, sent: Any, *, base: Any, row: Any = None) -> RecordForm:
        """The form of the pages, filled with what was sent."""
        entries = self.serializer().entries(sent, base)
        made = form_class(self.record_type)(entries, instance=row, actor=self.actor)
        if isinstance(sent, Mapping) and sent.get("owner") and "owner" not in made.fields:
            self.check_owner(made, sent["owner"])
        return made

    def check_owner(self, form: RecordForm, owner: Any) -> None:
        """A clerk of one unit is not asked whose the record is; another unit is refused."""
        field: Any = form_class(self.record_type).base_fields["owner"]
        entries = self.serializer().written["owner"].entries(owner)
        bound = type(field)(target=field.target, label=field.label, required=False)
        bound.bind(self.scope, None, "")
        try:
            bound.clean(bound.widget.value_from_datadict(entries, {}, "owner"))
        except ValidationError as error:
            raise Faulty({"owner": list(error.messages)}) from None

    def save(self, form: RecordForm) -> Any:
        """Save by the write path; what it refuses is told field by field."""
        is_new, is_valid = form.instance.pk is None, form.is_valid()
        self.refuse_twins(form.instance, is_new=is_new)
        if is_valid:
            try:
                with transaction.atomic():
                    return form.save()
            except ValidationError as error:
                form.attach(error)
        raise Faulty(*_faults(form))

    def refuse_twins(self, row: Any, *, is_new: bool) -> None:
        """The same record sent twice is made once; of one outside the scope only that it is
        there.
        """
        twins = duplicates.keyed(self.record_type, row, self.scope)
        twins = [twin for twin in twins if is_new or twin.refused]
        if twins:
            known = next((twin.key for twin in twins if twin.key is not None), None)
            address = api_url(self.record_type, "detail", known) if known else ""
            sentences = "；".join(twin.sentence.rstrip("。") for twin in twins)
            raise Existing(f"{sentences}。", {"id": known, "url": address} if known else None)

    def version(self, sent: Any) -> int | None:
        """The version that the writer has read, out of the body or of If-Match."""
        given = sent.get("version") if isinstance(sent, Mapping) else None
        header = self.request.headers.get("If-Match", "").strip()
        if given is None and header:
            given = parse_key(header.removeprefix("W/").strip('"'))
            given = 0 if given is None else given
        if given is None:
            return None
        if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < 10**9:
            raise Faulty({"version": ["版本应为读到的正整数，不加引号。"]})
        return given

    # -- review ----------------------------------------------------------------------------------

    def review(self, request: Request, pk: int) -> Response:
        """报送, 审核通过, 退回: as the buttons of the page, with the same permissions."""
        self.strictly()
        row, sent = self.row(pk), request.data
        if not isinstance(sent, Mapping) or set(sent) - {"move", "reason", "version"}:
            raise Faulty({}, ["请提交 move（办理方式）、reason（理由）和 version（版本）。"])
        move, reason = sent.get("move"), sent.get("reason") or ""
        if not isinstance(move, str) or move not in MOVES:
            raise Faulty(
                {"move": ["办理方式只能是 submit（报送）、approve（审核通过）或 return（退回）。"]}
            )
        if not isinstance(reason, str):
            raise Faulty({"reason": ["应为文字，请写在引号里。"]})
        needed = self.record_type.permission("change") if move == "submit" else review.PERMISSION
        if not request.user.has_perm(needed):
            raise PermissionDenied
        version = self.version(sent)
        if version is None:
            raise Faulty({"version": [NO_VERSION]})
        row.version = version
        MOVES[move](row, by=Actor.of(request).because(reason.strip()))
        return self.shown(self.row(pk))

    # -- faults ----------------------------------------------------------------------------------

    def handle_exception(self, error: Exception) -> Response:
        response: Response = super().handle_exception(error)
        if isinstance(error, StaleRecord):
            pairs = response.data["conflicts"].items()
            response.data["conflicts"] = {
                name_of(self.record_type, name): {
                    "label": self.record_type.column(name).label,
                    **pair,
                }
                for name, pair in pairs
            }
        return response


def _faults(form: RecordForm) -> tuple[dict[str, list[str]], list[str]]:
    """The faults of a form by field, and those of the record as a whole."""
    fields = {
        name_of(form.record_type, name): [_say(form, name, str(text)) for text in texts]
        for name, texts in form.errors.items()
    }
    own = fields.pop(NON_FIELD_ERRORS, [])
    return fields, own


def _say(form: RecordForm, name: str, sentence: str) -> str:
    """A sentence for who has no page before him: what a page offers to choose from is named."""
    widget = form.fields[name].widget if name in form.fields else None
    options = widget.options if isinstance(widget, ReferenceWidget) else []
    offered = "、".join(f"{key} {text}" for key, text, _ in options)
    return sentence.replace("请在下面选定一条", f"请写明编号（{offered}）") if offered else sentence
