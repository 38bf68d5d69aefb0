"""The two sample workbooks, compared with expected.json completely."""

import json
from collections import Counter
from pathlib import Path

import pytest

from apps.records.actors import Actor
from apps.records.importing import commit, match, plan, read
from apps.records.scope import Scope
from apps.talents.models import Person, PoolMembership
from apps.training.models import ClassAudience, Enrolment, TrainingClass

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
ROSTER, TRAINING = EXPECTED["roster"], EXPECTED["training"]

pytestmark = pytest.mark.usefixtures("office")


def planned(name):
    workbook = read(SAMPLES / name)
    return plan(match(workbook, scope=Scope.everything()), by=Actor.system())


def test_roster_plan_is_as_expected():
    result = planned("人才花名册.xlsx")

    found = [
        {"sheet": f.sheet, "row": f.row, "column": f.column, "kind": f.kind} for f in result.faults
    ]
    assert found == ROSTER["faults"]
    assert [
        {"sheet": d.sheet, "row": d.row, "of_row": d.of_row} for d in result.duplicates
    ] == ROSTER["duplicates"]
    assert all(d.sheet == d.of_sheet for d in result.duplicates)
    assert result.ignored_rows == ROSTER["ignored_rows"]
    assert result.accepted_rows == ROSTER["rows_without_fault"]
    assert result.unknown_columns == []
    assert result.unmatched_sheets == []
    assert Person.objects.count() == 0


def imported(name):
    result = planned(name)
    commit(result, by=Actor.system(), mode="valid", file_name=name)
    return result


def by_code(field):
    return dict(Counter(Person.objects.values_list(field, flat=True)))


def test_roster_import_is_as_expected():
    imported("人才花名册.xlsx")

    people = Person.objects.all()
    assert people.count() == ROSTER["distinct_people"]
    assert PoolMembership.objects.count() == ROSTER["memberships"]
    teams = Counter(PoolMembership.objects.values_list("pool__name", flat=True))
    assert dict(teams) == ROSTER["people_by_team"]
    assert by_code("education") == ROSTER["by_education"]
    assert by_code("title_level") == ROSTER["by_title_level"]
    assert by_code("political_status") == ROSTER["by_political_status"]
    assert by_code("unit__name") == ROSTER["by_unit"]
    assert by_code("rank") == ROSTER["by_rank"]
    assert by_code("grade") == ROSTER["by_grade"]
    degrees = {"": "", "2": "博士", "3": "硕士", "4": "学士"}
    assert {degrees[code]: n for code, n in by_code("degree").items()} == ROSTER["by_degree"]
    years = Counter(str(day.year) for day in people.values_list("work_started_on", flat=True))
    assert dict(years) == ROSTER["by_work_year"]
    assert people.filter(sex="2").count() == ROSTER["women"]
    assert people.exclude(ethnic="01").count() == ROSTER["minority"]
    assert people.filter(title_level__in=["411", "412"]).count() == ROSTER["senior_titles"]


def test_roster_examples_are_stored_as_expected():
    imported("人才花名册.xlsx")

    people = {p.id_number.reveal(): p for p in Person.objects.select_related("unit")}
    degrees = {"": "", "2": "博士", "3": "硕士", "4": "学士"}
    for example in ROSTER["examples"]:
        person = people[example["id_number"]]
        stored = {
            "name": person.name, "sex": person.sex, "birth_date": str(person.birth_date),
            "ethnic": person.ethnic, "political_status": person.political_status,
            "education": person.education, "degree": degrees[person.degree],
            "school": person.school, "major": person.major, "title": person.title,
            "title_level": person.title_level, "skill": person.get_skill_level_display(),
            "unit": person.unit.name, "rank": person.rank, "grade": person.grade,
            "work_started": f"{person.work_started_on:%Y-%m}", "mobile": person.mobile.reveal(),
        }  # fmt: skip
        for key in ("title", "title_level"):  # the other sheet of the same person gave it
            stored[key] = stored[key] if example[key] else ""
        assert stored == {key: example[key] for key in stored}


def test_training_needs_the_people_and_then_is_as_expected():
    assert {f.kind for f in planned("培训班次与学员.xlsx").faults} == {"unknown_reference"}
    imported("人才花名册.xlsx")

    result = planned("培训班次与学员.xlsx")
    assert result.faults == []
    assert result.duplicates == []
    assert result.unknown_columns == []
    commit(result, by=Actor.system())

    classes = TrainingClass.objects.all()
    for year in ("2021", "2022"):
        listed = classes.filter(starts_on__year=year)
        held = listed.filter(status=TrainingClass.State.HELD)
        assert listed.count() == TRAINING["classes_listed"][year]
        assert held.count() == TRAINING["classes_held"][year]
        assert sum(c.head_count for c in held) == TRAINING["person_times"][year]
        assert sum(c.cost for c in held) == TRAINING["cost_yuan"][year]
        enrolments = Enrolment.objects.filter(training_class__starts_on__year=year)
        assert len(set(enrolments.values_list("person"))) == TRAINING["distinct_learners"][year]
    levels = Counter()
    for c in classes:
        levels[f"{c.starts_on.year}{c.get_level_display()}"] += c.head_count
    assert dict(levels) == TRAINING["person_times_by_level"]
    assert Enrolment.objects.count() == TRAINING["named_enrolments"]
    assert ClassAudience.objects.count() == len(classes)


@pytest.mark.parametrize("name", ["人才花名册.xlsx", "培训班次与学员.xlsx"])
def test_second_import_changes_nothing(name):
    imported("人才花名册.xlsx")
    imported("培训班次与学员.xlsx")

    result = planned(name)

    assert {status for counts in result.counts().values() for status in counts} == {"unchanged"}
    assert len(result.faults) == (len(ROSTER["faults"]) if name == ROSTER["file"] else 0)
