import io

import pytest
from django.core.management import call_command

from apps.core import codes
from apps.core.models import Code

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("table", "text", "found"),
    [
        ("gb4658_education", "本科", {"21"}),
        ("gb4658_education", "大学", {"21"}),
        ("gb4658_education", " 大学本科 ", {"21"}),
        ("gb4658_education", "大专", {"31"}),
        ("gb4658_education", "研究生", {"11", "14"}),
        ("gb4658_education", "见备注", set()),
        ("gb3304_ethnic", "汉", {"01"}),
        ("gb4762_political_status", "党员", {"01"}),
        ("title_level", "初级（助理）", {"434"}),
        ("title_level", "副高", {"412"}),
        ("skill_level", "高级工", {"3"}),
        ("rank_level", "乡科级正职", {"141"}),
    ],
)
def test_find_knows_what_offices_write(table, text, found):
    assert codes.find(table, text) == found


def test_at_least_counts_finished_courses_only():
    assert set(codes.at_least("gb4658_education", "21")) == {"11", "14", "17", "21", "28"}
    assert set(codes.at_least("title_level", "412")) == {"411", "412"}


def test_labels_are_what_is_printed():
    assert codes.label("gb2261_1_sex", "1") == "男"
    assert codes.label("honour_level", "4") == "区级"
    assert codes.label("gb2261_1_sex", "7") == "未知代码（7）"
    assert codes.label("gb2261_1_sex", "") == ""


def test_choices_leave_out_what_cannot_be_chosen():
    assert [label for _, label in codes.choices("gb2261_1_sex")] == ["男", "女"]


def test_tables_load_again_and_keep_the_office_s_rows():
    Code.objects.create(table="training_topic", code="50", name="茶文化")
    before = Code.objects.count()

    call_command("load_codes", stdout=io.StringIO())

    assert Code.objects.count() == before
    assert codes.find("training_topic", "茶文化") == {"50"}


def test_labels_cost_one_query_a_table(django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(3):
            codes.label("rank_level", "141")
