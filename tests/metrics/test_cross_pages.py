"""The pages of cross tables: the statutory ones, a free one that is kept, Excel, who may see."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from apps.core.periods import Period
from apps.metrics.cross import Definition, tabulate
from apps.metrics.models import CrossTable
from apps.records.models import ChangeLog
from apps.records.scope import Scope
from apps.talents.models import Pool
from tests.factories import PersonFactory, PoolFactory, PoolMembershipFactory, TrainingClassFactory
from tests.records.conftest import text_of

STATUTORY = "人才资源统计"
LINKED = re.compile(r'<td class="number">\s*<a href="([^"]+)"\s*>([\d,]+)</a>')


@pytest.fixture
def teams(world):
    """One person in two teams, one in one, in the clerk's unit and in another."""
    party = PoolFactory(code="party", name="党政人才", kind=Pool.Kind.TEAM)
    technical = PoolFactory(code="technical", name="专业技术人才", kind=Pool.Kind.TEAM)
    for code in ("management", "skilled", "rural", "social"):
        PoolFactory(code=code, name=code, kind=Pool.Kind.TEAM)
    both = PersonFactory(unit=world.ours, education="14", recognised_birth=date(1990, 1, 1))
    one = PersonFactory(unit=world.theirs, education="31", recognised_birth=date(1960, 1, 1))
    for person, pool in ((both, party), (both, technical), (one, technical)):
        PoolMembershipFactory(person=person, pool=pool)
    return both, one


def show(client, key, **params):
    return client.get(reverse("metrics-cross-show", args=[key]), {"period": "2022", **params})


def test_statutory_table_counts_everybody_once_and_says_what_overlaps(teams, staff):
    page = text_of(show(staff, "statutory-teams"))

    assert "人才资源统计表一：六支队伍基本情况" in page
    assert re.search(r"党政人才 1 \S+ \S+ \S+ 1 0 0 0 1 0", page)
    assert re.search(r"专业技术人才 2 \S+ \S+ \S+ 1 0 1 0 1 0 0 0 0 1", page)
    assert re.search(r"合计 2 ", page)
    assert "各行之间有交叉，相加比合计多 1 人" in page


def test_clerk_sees_the_same_table_for_the_own_unit(teams, clerk):
    page = text_of(show(clerk, "statutory-teams"))

    assert "范围：区第一人民医院" in page
    assert re.search(r"专业技术人才 1 ", page)


def test_every_statutory_table_can_be_counted_and_clicked(teams, staff):
    tables = CrossTable.objects.filter(theme=STATUTORY)
    assert tables.count() == 10
    followed = 0
    for kept in tables:
        definition = Definition.parse(kept.definition)
        table = tabulate(definition, Period.year(2022), Scope.everything(), address={"cross": "x"})
        assert table.total.cells[0].value in (0, 1, 2)
        html = show(staff, kept.key).content.decode()
        for url, text in re.findall(
            r'<td class="number">\s*<a href="([^"]+)"\s*>([\d,]+)</a>', html
        ):
            page = staff.get(url.replace("&amp;", "&")).content.decode()
            head = re.search(r'class="lens-figure">.*?<b>([^<]*)</b>', page, re.DOTALL)
            assert head[1] == f"{text} 人", url
            followed += 1
    assert followed > 50


def test_shares_of_a_row(teams, staff):
    page = text_of(show(staff, "statutory-teams", show="row"))

    assert re.search(r"专业技术人才 100.0% \S+ \S+ \S+ 50.0% 0.0% 50.0%", page)


def build(client, **params):
    return client.get(reverse("metrics-cross-new"), {"period": "2022", **params})


def test_free_table_is_counted_kept_and_opened_again(staff, world):
    TrainingClassFactory(kind="special", starts_on=date(2022, 2, 1), ends_on=date(2022, 2, 2))
    TrainingClassFactory(kind="away", starts_on=date(2022, 7, 1), ends_on=date(2022, 7, 2))
    params = {
        "from": "training.TrainingClass", "rows": "starts_on:quarter", "columns": "kind",
        "measure": "sum:head_count", "rule": "type", "chart": "columns",
    }  # fmt: skip

    page = text_of(build(staff, **params))
    assert re.search(r"第一季度 40 40 0", page)
    assert re.search(r"合计 80 40 40", page)
    address = reverse("metrics-cross-new") + "?" + "&".join(f"{k}={v}" for k, v in params.items())
    kept = staff.post(address, {"title": "分季度培训人数", "theme": "教育培训"}, follow=True)

    assert "已保存交叉表“分季度培训人数”" in text_of(kept)
    stored = CrossTable.objects.get(title="分季度培训人数")
    assert stored.record_type == "training.TrainingClass"
    assert re.search(r"合计 80 40 40", text_of(show(staff, stored.key)))


def test_filters_of_the_list_narrow_a_free_table(staff, world):
    TrainingClassFactory(kind="special", level="4")
    TrainingClassFactory(kind="special", level="3")

    page = text_of(build(staff, **{"from": "training.TrainingClass", "rows": "kind", "level": "3"}))

    assert "条件：主办层级：市级" in page
    assert re.search(r"专题班 1", page)
    refused = build(staff, **{"from": "training.TrainingClass", "rows": "kind", "nope": "3"})
    assert refused.status_code == 400
    assert "nope" in text_of(refused)


def test_excel_holds_the_figures_and_is_logged(teams, staff):
    answer = show(staff, "statutory-teams", excel="1")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert sheet["A1"].value == "人才资源统计表一：六支队伍基本情况"
    assert rows["专业技术人才"][0] == 2
    assert rows["合计"][0] == 2
    line = ChangeLog.objects.filter(action=ChangeLog.Action.EXPORT).latest("pk")
    assert line.object_text == "交叉表《人才资源统计表一：六支队伍基本情况》"


def test_table_of_records_one_may_not_see_is_refused(world):
    client = world.client("auditor")

    assert show(client, "statutory-teams").status_code == 403
    assert build(client, **{"from": "talents.Person", "rows": "sex"}).status_code == 403


def test_table_that_no_longer_fits_says_why(staff, world):
    CrossTable.objects.filter(key="statutory-teams").update(
        definition={"record_type": "talents.Person", "rows": [{"by": "gone"}]}
    )

    assert "这张表现在不能统计：人才没有“gone”这个字段。" in text_of(show(staff, "statutory-teams"))


def test_bad_choices_are_answered_in_words(staff, world):
    page = build(staff, **{"from": "talents.Person", "rows": "id_number"})
    assert "id_number 不在可用的选项中" in text_of(page) or "请从" in text_of(page)
    assert build(staff, **{"from": "no.Such"}).status_code == 400


def test_list_behind_a_cell_offers_nothing_that_would_lose_the_cell(teams, staff):
    html = show(staff, "statutory-teams").content.decode()
    url = LINKED.search(html)[1].replace("&amp;", "&")

    page = text_of(staff.get(url))

    assert "存为指标" not in page
    assert reverse("metrics-cross-new") not in staff.get(url).content.decode()
