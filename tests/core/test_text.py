import pytest

from apps.core.text import bare_heading, clean_name, clean_text, heading_key, normalise, squeeze


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王　芳", "王芳"),
        (" 毛轩兰 ", "毛轩兰"),
        ("合　　计", "合计"),
        ("１２３ＡＢＣ", "123ABC"),
        ("区委 组织部", "区委 组织部"),
        ("第一行\n第二行", "第一行 第二行"),
        ("a\u200bb\ufeff", "ab"),
        ("⼈民", "⼈民"),  # a Kangxi radical is somebody's spelling, not ours to change
        ("（甲）：乙，丙", "（甲）：乙，丙"),
    ],
)
def test_cell_text_is_normalised(typed, kept):
    assert clean_text(typed) == kept


def test_line_breaks_are_kept_where_the_field_has_lines():
    assert clean_text(" 第一行 \r\n 第二行 ", lines=True) == "第一行\n第二行"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("欧阳　娜", "欧阳娜"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("John  Smith", "John Smith"),
    ],
)
def test_name_loses_blanks_between_hanzi_only(typed, kept):
    assert clean_name(typed) == kept


def test_words_compare_without_blanks_width_and_case():
    assert normalise("初级 （助理）") == normalise("初级(助理)")
    assert normalise("A级") == normalise("ａ级")
    assert squeeze("199 2025　6261") == "19920256261"


def test_headings_compare_without_marks_and_units():
    assert heading_key("*经费 （元）：") == "经费(元)"
    assert bare_heading(heading_key("经费\n（元）")) == "经费"
    assert bare_heading("(元)") == "(元)"
