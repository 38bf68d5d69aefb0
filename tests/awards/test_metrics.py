"""The metrics of awards over a small worked example."""

import datetime
from decimal import Decimal

import pytest

from apps.core.periods import Period
from apps.metrics.selectors import evaluate_all
from apps.metrics.services import catalogue
from apps.records.scope import Scope
from tests.factories import (
    AwardFactory,
    AwardRecipientFactory,
    AwardSchemeFactory,
    PersonFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

FACTS = "A18 A19 A20 A21 A30 B10 B31 C01 C05 E22"


@pytest.fixture
def year(db):
    """Figures of 2022, after a year of awards."""
    ahead = AwardSchemeFactory(name="全省科技创新先进区", kind="honour")
    progress = AwardSchemeFactory(name="科技进步奖", effect="priority")
    firms = AwardSchemeFactory(name="优秀企业家")
    science = AwardSchemeFactory(name="科普社区", kind="honour")
    model = AwardSchemeFactory(name="全国科普示范区", kind="honour")
    AwardSchemeFactory(name="旧奖项", status="stopped")
    AwardSchemeFactory(name="乡土人才贡献奖", status="intended")
    person = PersonFactory()
    for project, appraisal in (("甲", "priority"), ("乙", "none")):
        award = AwardFactory(
            scheme=progress, recipient=person.name, project=project, appraisal=appraisal
        )
        AwardRecipientFactory(award=award, person=person)
    AwardFactory(scheme=firms, recipient="外地人", appraisal="on_record", amount_yuan=20000)
    AwardFactory(scheme=progress, year=2021, conferred_on=datetime.date(2021, 5, 1))
    UnitFactory(name="区科学技术协会", is_member=True)
    UnitFactory(name="某公司", is_member=False)
    unit = {"recipient_kind": "unit", "amount_yuan": 30000}
    AwardFactory(scheme=firms, recipient="区科学技术协会", level="3", **unit)
    AwardFactory(scheme=firms, recipient="某公司", level="2", **unit)
    honour = {"scheme": science, "recipient_kind": "community", "amount_yuan": None}
    for name, level in (("甲社区", "4"), ("乙社区", "4"), ("丙社区", "2")):
        AwardFactory(recipient=name, level=level, **honour)
    AwardFactory(recipient="丁社区", status="creating", conferred_on=None, **honour)
    district = {"recipient": "云岭区", "recipient_kind": "district", "amount_yuan": None}
    AwardFactory(scheme=model, level="1", status="creating", conferred_on=None, **district)
    AwardFactory(scheme=ahead, level="2", **district)
    return evaluate_all(Period.year(2022), Scope.everything())


def groups(figure):
    return {group.label: group.value for group in figure.groups if group.value}


def test_catalogue_covers_the_facts_of_awards():
    found = {fact for m in catalogue() if m.theme == "表彰奖励" for fact in m.facts}

    assert found == set(FACTS.split())


def test_awards_and_money_of_the_year(year):
    assert year["awards"].value == 9
    assert year["award-money"].value == Decimal("180000.00")
    assert groups(year["award-money-by-recipient"]) == {"个人": 120_000, "单位": 60_000}
    assert year["award-money-units"].value == 60_000
    assert year["award-money-people"].value == 120_000
    assert groups(year["award-money-by-scheme"]) == {"科技进步奖": 100_000, "优秀企业家": 80_000}
    assert year["awards-progress"].value == 2
    assert year["award-money-progress"].value == 100_000
    assert year["awards-invention"].value == 0


def test_schemes_as_they_are_now(year):
    assert year["award-schemes"].value == 2
    assert groups(year["award-schemes-by-status"]) == {"在设": 2, "拟设": 1}
    assert "按现状统计" in year["award-schemes"].note


def test_people_and_their_appraisal(year):
    assert groups(year["award-people-by-scheme"]) == {"科技进步奖": 2, "优秀企业家": 1}
    assert year["award-people"].value == 1
    assert year["award-people-entrepreneurs"].value == 1
    assert year["awards-priority"].value == 1
    assert groups(year["awards-in-appraisal"]) == {"记优先要素": 1, "记录在册": 1}


def test_honours_of_units_communities_and_the_district(year):
    assert year["member-unit-honours"].value == 1
    assert year["science-communities-district"].value == 2
    assert year["science-communities-province"].value == 1
    assert groups(year["district-honours"]) == {"省级": 1}
    assert year["demonstrations-creating"].value == 1
    assert groups(year["demonstrations-by-status"]) == {"创建中": 1}
