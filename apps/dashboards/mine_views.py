"""The leader's own page, and the form on which he notes a visit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from apps.contacts.models import ContactLink, Visit
from apps.core.errors import DomainError
from apps.dashboards import mine
from apps.dashboards.mine_forms import NoteVisitForm
from apps.records.actors import Actor
from apps.records.forms import RecordForm
from apps.records.views.base import DomainErrorMixin, SignedInMixin

NOTE = "contacts.note_visit"


class MineView(SignedInMixin, DomainErrorMixin, View):
    """``mine/``: cards of my experts, visits due, their requests, the report to comment."""

    def permission(self) -> str:
        return "contacts.view_contactlink"

    def get(self, request: HttpRequest) -> HttpResponse:
        leader = mine.leader_of(request.user)
        context: dict[str, Any] = {"heading": "我的联系专家", "leader": leader}
        if leader is not None:
            context["mine"] = mine.page_of(leader, request.user, timezone.localdate())
            context["may_note"] = request.user.has_perm(NOTE)
        return render(request, "dashboards/mine.html", context)


class NoteVisitView(SignedInMixin, DomainErrorMixin, View):
    """``mine/<link>/visit/``: of a link of one's own; another's is not there."""

    def permission(self) -> str:
        return NOTE

    def link(self, pk: int) -> ContactLink:
        leader = mine.leader_of(self.request.user)
        links = mine.own_links(leader, mine.Reader(self.request.user)) if leader else None
        found = links.filter(pk=pk).first() if links is not None else None
        if found is None:
            raise Http404
        return found

    def form(self, link: ContactLink, data: Any = None) -> RecordForm:
        initial = {"visited_on": timezone.localdate(), "form": "1"}
        visit, actor = Visit(link=link), Actor.of(self.request)
        made: type[RecordForm] = NoteVisitForm
        return made(data, instance=visit, initial=initial, actor=actor)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        link = self.link(pk)
        return self.page(link, self.form(link))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        link = self.link(pk)
        form = self.form(link, request.POST)
        if not self.attempt(form):
            return self.page(link, form)
        messages.success(request, f"已登记 {form.instance.visited_on:%Y-%m-%d} 的走访。")
        return HttpResponseRedirect(f"{reverse('dashboards-mine')}#link-{link.pk}")

    def attempt(self, form: RecordForm) -> bool:
        """Save; what the write path refuses stands in the form's errors."""
        if not form.is_valid():
            return False
        try:
            with transaction.atomic():
                form.save()
        except ValidationError as error:
            form.attach(error)
        except DomainError as error:
            form.add_error(None, error.message)
        except IntegrityError:
            form.add_error(None, "刚刚已登记了同一次走访，请返回核对。")
        return form.is_valid()

    def page(self, link: ContactLink, form: RecordForm) -> HttpResponse:
        context = {
            "heading": f"登记走访：{link.person or link.unit}",
            "link": link,
            "form": form,
            "back": f"{reverse('dashboards-mine')}#link-{link.pk}",
        }
        return render(self.request, "dashboards/note_visit.html", context)
