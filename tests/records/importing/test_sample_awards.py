"""The sheet 表彰奖励 of the sample workbook, compared with expected.json completely."""

import json
from collections import Counter
from pathlib import Path

import pytest

from apps.awards.models import Award, AwardRecipient, AwardScheme
from apps.organizations.models import Unit
from apps.records.actors import Actor
from apps.records.importing import commit, match, plan, read, undo
from apps.records.scope import Scope
from apps.talents.models import Person

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["awards"]
ONLY_AWARDS = {"资金兑现": {"type": ""}}  # the other sheet is left out

pytestmark = pytest.mark.usefixtures("office")


def planned(name, mapping=None, **options):
    matches = match(read(SAMPLES / name), scope=Scope.everything(), mapping=mapping)
    return plan(matches, by=Actor.system(), **options)


def awards_planned(**options):
    return planned(EXPECTED["file"], ONLY_AWARDS, **options)


@pytest.fixture
def roster(office):
    result = planned("人才花名册.xlsx")
    commit(result, by=Actor.system(), mode="valid")


def test_awards_need_their_people():
    found = awards_planned()

    assert Counter(f.kind for f in found.faults) == {"unknown_reference": 102}
    assert {f.column for f in found.faults} == {"获奖人/单位"}
    assert found.faults[0].message == (
        "第 2 行“获奖人/单位”为“陆楠晓”，没有找到这个人才，请核对，或先录入该人才后再导入。"
    )


def test_awards_import_is_as_expected(roster):
    result = awards_planned()
    assert result.faults == []
    assert result.duplicates == []
    assert result.unknown_columns == []
    commit(result, by=Actor.system())

    awards = list(Award.objects.select_related("scheme"))
    years = Counter(str(award.year) for award in awards)
    assert dict(years) == EXPECTED["awards"]
    yuan = Counter()
    for award in awards:
        yuan[str(award.year)] += award.amount_yuan
    assert dict(yuan) == EXPECTED["award_yuan"]
    schemes = Counter(f"{award.year}{award.scheme}" for award in awards)
    assert dict(schemes) == EXPECTED["by_scheme"]
    counted = Counter(str(a.year) for a in awards if a.appraisal == Award.Appraisal.PRIORITY)
    assert dict(counted) == EXPECTED["counted_in_appraisal"]
    assert {award.conferring_body for award in awards} == {"区委区政府"}
    assert {award.status for award in awards} == {Award.State.CONFERRED}


def test_every_award_has_the_recipient_that_its_row_names(roster):
    known = set(Unit.objects.values_list("name", flat=True))
    result = awards_planned()
    commit(result, by=Actor.system())

    held = AwardRecipient.objects.select_related("award", "person", "unit")
    assert len(held) == 135
    assert all(str(row.person or row.unit) == row.award.recipient for row in held)
    assert sum(row.person is not None for row in held) == 102
    assert {str(p.record) for p in result.proposals if isinstance(p.record, AwardScheme)} == {
        "科技进步奖", "科技突出贡献奖", "招商引资奖", "优秀企业家", "优秀青年创新创业人才",
        "纳税贡献奖",
    }  # fmt: skip
    new = {str(p.record) for p in result.proposals if isinstance(p.record, Unit)}
    assert new == {row.unit.name for row in held if row.unit} - known


def test_first_row_is_stored_as_it_stands(roster):
    commit(awards_planned(), by=Actor.system())

    award = Award.objects.get(project="项目2021-01")
    assert str(award) == "2021年科技进步奖·陆楠晓（项目2021-01，2021-01-01）"
    assert award.label_of("level") == "区级"
    assert award.amount_yuan == 75_000
    assert award.get_recipient_kind_display() == "个人"
    assert award.recipients.get().person.id_number.reveal() == "520398197704063743"


def test_second_import_changes_nothing(roster):
    commit(awards_planned(), by=Actor.system())

    result = awards_planned()

    assert result.faults == []
    assert {status for counts in result.counts().values() for status in counts} == {"unchanged"}


def test_import_is_undone_as_a_whole(roster):
    people, units = Person.objects.count(), Unit.objects.count()
    batch = commit(awards_planned(), by=Actor.system())

    undo(batch, by=Actor.system())

    assert not Award.objects.exists()
    assert not AwardRecipient.objects.exists()
    assert not AwardScheme.objects.exists()
    assert (Person.objects.count(), Unit.objects.count()) == (people, units)
