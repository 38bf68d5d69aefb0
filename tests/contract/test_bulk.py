"""Many rows at once and kept filters, of every type: who may, which rows, at what cost."""

import re
from itertools import cycle

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.records import bulkforms, registry
from apps.records.actors import Actor
from apps.records.models import Record, Reference, SavedFilter
from apps.records.registry import RecordType
from tests.contract.test_nasty_input import NASTY, answered, form, some

WORDS = "经批量核对"


def hidden(response):
    """What the confirming form of a page sends along."""
    body = response.content.decode()
    forms = re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', body, re.DOTALL)
    page = next((part for part in reversed(forms) if 'name="chosen"' in part), "")
    found = re.findall(r'<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def choose(client, record_type, rows, action):
    ticks = {"action": action, "row": [str(row.pk) for row in rows]}
    return client.post(record_type.url("bulk"), ticks)


def edit(client, record_type, rows):
    """Write the remarks of rows: preview, then the deed."""
    sent = hidden(choose(client, record_type, rows, "edit"))
    sent |= {"field": "remarks", "stage": "ask", "to-remarks": WORDS}
    preview = client.post(record_type.url("bulk"), sent)
    return client.post(record_type.url("bulk"), hidden(preview) | {"stage": "do"})


def delete(client, record_type, rows):
    preview = choose(client, record_type, rows, "delete")
    return client.post(record_type.url("bulk"), hidden(preview) | {"stage": "do"})


def cost(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_who_may_not_gets_nowhere(world, record_type):
    row = world.make(record_type, world.ours)
    auditor, leader = world.client("auditor"), world.client("leader")
    for action in ("edit", "delete", "submit", "approve", "return", "export"):
        response = choose(auditor, record_type, [row], action)
        assert response.status_code == 403, action
        assert "权限" in response.content.decode(), action
        looks_on = choose(leader, record_type, [row], action)
        idle = action in ("approve", "return") and not issubclass(record_type.model, Record)
        assert looks_on.status_code == (400 if idle else 403), action
        assert ("没有审核" if idle else "权限") in looks_on.content.decode(), action
    stored = record_type.model.objects.get(pk=row.pk)
    assert (stored.version, stored.remarks) == (row.version, row.remarks)


def test_keys_of_another_unit_are_never_touched(world, clerk, owned_type):
    if issubclass(owned_type.model, Reference):  # a clerk only looks at what everybody shares
        row = world.make(owned_type, world.theirs)
        assert choose(clerk, owned_type, [row], "edit").status_code == 403
        return
    mine, theirs = (world.make(owned_type, unit) for unit in (world.ours, world.theirs))

    edit(clerk, owned_type, [mine, theirs])
    delete(world.client("head", world.ours), owned_type, [theirs])

    remarks = dict(owned_type.model.objects.values_list("pk", "remarks"))
    assert remarks[mine.pk] == WORDS
    assert remarks[theirs.pk] == theirs.remarks
    assert owned_type.model.objects.get(pk=theirs.pk).version == theirs.version


def test_edit_changes_what_it_says_at_a_fixed_cost(world, record_type):
    client = world.client("head")
    rows = [world.make(record_type, world.ours) for _ in range(4)]

    edit(client, record_type, rows[:1])
    remarks = record_type.model.objects.filter(remarks=WORDS)
    assert [row.pk for row in remarks] == [rows[0].pk]
    remarks.update(remarks="")
    one = cost(lambda: edit(client, record_type, rows[:1]))
    record_type.model.objects.update(remarks="")
    three = cost(lambda: edit(client, record_type, rows[1:]))

    assert set(remarks.values_list("pk", flat=True)) == {row.pk for row in rows[1:]}
    assert one == three


def test_delete_removes_what_it_says_at_a_fixed_cost(world, record_type):
    client = world.client("head")
    rows = [world.make(record_type, world.ours) for _ in range(5)]

    delete(client, record_type, rows[:1])
    assert not record_type.model.objects.filter(pk=rows[0].pk).exists()
    one = cost(lambda: delete(client, record_type, rows[1:2]))
    three = cost(lambda: delete(client, record_type, rows[2:]))

    assert not record_type.model.objects.filter(pk__in=[row.pk for row in rows]).exists()
    looks_at_each = type(record_type).weigh_delete is not RecordType.weigh_delete
    assert one == three or looks_at_each


def test_fields_that_are_alike_can_be_chosen(world, record_type):
    actor = Actor(world.user("head"))
    fields = bulkforms.offered(record_type, actor)

    own = {*record_type.import_key, *record_type.lookup, record_type.natural_key, "version"}
    assert "remarks" in fields
    assert own.isdisjoint(fields)
    for name, field in fields.items():
        assert f'name="to-{name}"' in str(bulkforms.ValueForm(name, field)), name


def test_kept_filters_of_every_type(world, record_type):
    client = world.client("staff")
    world.make(record_type, world.ours)
    name = record_type.columns[0]

    sent = {"query": f"columns={name}", "name": "一列", "with_columns": "1"}
    client.post(record_type.url("filters"), sent)
    saved = SavedFilter.objects.get()
    opened = client.get(record_type.url("filter", saved.pk), follow=True)

    assert opened.status_code == 200
    assert saved.record_type == record_type.label
    assert opened.content.decode().count('<th scope="col"') == 1
    assert world.client("auditor").get(record_type.url("filters")).status_code == 403


def test_bulk_and_kept_filters_take_anything(world, record_type):
    client, row = world.client("head"), world.make(record_type, world.ours)
    sealed = hidden(choose(client, record_type, [row], "edit"))
    names = (
        "row",
        "rows",
        "query",
        "count",
        "chosen",
        "stage",
        "field",
        "reason",
        "said",
        "to-remarks",
    )
    first = registry.types().index(record_type)
    actions = cycle(("edit", "delete", "return", NASTY[first % len(NASTY)]))
    for name, value, action in zip(names, some(first), actions, strict=False):
        sent = sealed | {"action": action, "stage": "do", "field": "remarks", name: value}
        answered(client.post(record_type.url("bulk"), **form(sent)), (name, value))
    for page, value in zip(("filters", "layout", "export"), some(first), strict=False):
        sent = {"query": value, "name": value, "columns": value, "rows": value, "up": value}
        answered(client.post(record_type.url(page), **form(sent)), (page, value))
    assert record_type.model.objects.filter(pk=row.pk).exists()
