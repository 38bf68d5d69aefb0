"""The sample workbook of links and visits, compared with expected.json completely."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Sum

from apps.contacts.models import ContactLink, Leader, Visit
from apps.records.actors import Actor
from apps.records.importing import commit, match, plan, read
from apps.records.importing.undo import undo
from apps.records.scope import Scope

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["contacts"]
ROSTER = "人才花名册.xlsx"

pytestmark = pytest.mark.usefixtures("office")


def planned(name, **options):
    matches = match(read(SAMPLES / name), scope=Scope.everything())
    return plan(matches, by=Actor.system(), **options)


def imported(name):
    result = planned(name)
    return commit(result, by=Actor.system(), mode="valid", file_name=name)


def test_links_and_visits_are_as_expected():
    imported(ROSTER)

    result = planned(EXPECTED["file"])
    assert result.faults == []
    assert result.duplicates == []
    assert result.unknown_columns == []
    assert result.unmatched_sheets == []
    assert {str(entry.record) for entry in result.proposals} == {
        entry.record.name for entry in result.entries["contacts.Leader"]
    }
    commit(result, by=Actor.system(), file_name=EXPECTED["file"])

    links = ContactLink.objects.all()
    assert Leader.objects.count() == EXPECTED["leaders"]
    assert Leader.objects.get(name="苏远帆").post == "区委书记"
    assert links.count() == EXPECTED["links"]
    assert len(set(links.values_list("person"))) == EXPECTED["experts"]
    per_leader = Counter(links.values_list("leader__name", flat=True)).values()
    assert [min(per_leader), max(per_leader)] == EXPECTED["experts_per_leader_min_max"]
    for year, figures in EXPECTED["visits_opinions_difficulties_solved"].items():
        visits = Visit.objects.filter(visited_on__year=year)
        sums = visits.aggregate(Sum("opinions"), Sum("difficulties"), Sum("solved"))
        assert [visits.count(), *sums.values()] == figures
    forms = Counter(f"{v.visited_on.year}{v.get_form_display()}" for v in Visit.objects.all())
    assert dict(forms) == EXPECTED["visits_by_form"]


def test_every_visit_stands_under_the_link_of_its_leader_and_expert():
    imported(ROSTER)
    imported(EXPECTED["file"])

    sheet = next(s for s in read(SAMPLES / EXPECTED["file"]).sheets if s.name == "走访记录")
    said = Counter((str(row.cells[1]), str(row.cells[3])) for row in sheet.rows)
    stored = Counter(
        (visit.link.leader.name, visit.link.person.id_number.reveal())
        for visit in Visit.objects.select_related("link__leader", "link__person")
    )
    assert stored == said


def test_without_the_people_every_row_is_a_fault():
    result = planned(EXPECTED["file"])

    assert {(f.sheet, f.column, f.kind) for f in result.faults} == {
        ("联系安排", "联系专家", "unknown_reference"),
        ("走访记录", "联系专家", "unknown_reference"),
    }
    assert len(result.faults) == EXPECTED["links"] + 144
    assert result.writes == 0
    assert Leader.objects.count() == 0


def test_second_import_changes_nothing():
    imported(ROSTER)
    imported(EXPECTED["file"])

    result = planned(EXPECTED["file"])

    assert {status for counts in result.counts().values() for status in counts} == {"unchanged"}
    assert result.faults == []


def test_leaders_that_are_not_confirmed_are_faults():
    imported(ROSTER)

    result = planned(EXPECTED["file"], create=())

    assert {(f.sheet, f.column) for f in result.faults} == {
        ("联系安排", "联系领导"), ("走访记录", "联系专家"),
    }  # fmt: skip
    assert any("没有登记“苏远帆”和“彭静生”的结对联系" in f.message for f in result.faults)
    assert result.writes == 0


def test_import_is_undone_whole():
    imported(ROSTER)
    batch = imported(EXPECTED["file"])

    undo(batch, by=Actor.system())

    assert (Leader.objects.count(), ContactLink.objects.count(), Visit.objects.count()) == (0, 0, 0)
