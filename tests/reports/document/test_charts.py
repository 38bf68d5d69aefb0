"""Chart drawings: what they say, and that they stay inside their picture."""

import re
from io import BytesIO

import pytest
from lxml import etree
from PIL import Image

from apps.reports.document.charts import COLOURS, WIDTH, chart_height, chart_svg
from apps.reports.document.fonts import FontSet
from apps.reports.document.pictures import chart_pictures
from apps.reports.document.tree import Chart, Series

NAMES = ("党政人才", "企业经营管理人才", "专业技术人才")


def texts(svg: str) -> list[str]:
    return re.findall("<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("kind", ["bar", "hbar", "line", "pie"])
def test_values_are_labelled_with_thousands(kind):
    svg = chart_svg(Chart("人数", kind, NAMES, (Series("", (1164, 820, 1500.5)),), "人"))
    words = " ".join(texts(svg))

    assert all(value in words for value in ("1,164", "820", "1,500.5"))
    assert "党政人才" in words
    assert 'aria-label="人数（单位：人）。党政人才1,164，' in svg
    etree.fromstring(svg)


def test_bars_are_in_proportion_and_missing_values_have_none():
    svg = chart_svg(Chart("人数", "bar", NAMES, (Series("", (10, None, 40)),)))
    heights = [float(value) for value in re.findall('<rect[^>]*height="([\\d.]+)"', svg)]

    assert heights[1] / heights[0] == pytest.approx(4, rel=0.01)
    assert len(heights) == 2


def test_negative_values_stand_below_the_base_line():
    svg = chart_svg(Chart("净增", "bar", ("甲", "乙"), (Series("", (10, -5)),)))
    tops = [float(value) for value in re.findall('<rect[^>]* y="([\\d.]+)"', svg)]

    assert tops[1] > tops[0]
    assert "-5" in texts(svg)


def test_bars_lie_down_where_their_values_would_not_fit():
    names = tuple(f"第{index}类" for index in range(10))
    many = tuple(Series(f"{year}年", tuple(range(10_000, 10_010))) for year in (2024, 2025))
    few = (Series("", tuple(range(10))),)

    assert chart_height(Chart("人数", "bar", names, many)) > 300
    assert chart_height(Chart("人数", "bar", names, few)) == 180


def test_several_series_have_a_legend_and_colours():
    series = tuple(Series(f"{year}年", (1, 2, 3)) for year in (2023, 2024, 2025))
    svg = chart_svg(Chart("人数", "bar", NAMES, series))

    assert {"2023年", "2024年", "2025年"} <= set(texts(svg))
    assert {colour for colour in COLOURS if colour in svg} == set(COLOURS[:3])


def test_small_pie_slices_become_one():
    names = tuple(f"第{index}类" for index in range(1, 10))
    svg = chart_svg(Chart("人数", "pie", names, (Series("", tuple(range(10, 1, -1))),), "人"))

    assert len(texts(svg)) == 7
    assert texts(svg)[-1] == "其他　9人（16.7%）"


def test_line_is_broken_where_a_value_is_missing():
    svg = chart_svg(Chart("人数", "line", ("甲", "乙", "丙"), (Series("", (5, None, 7)),)))

    assert re.search('d="M[^L]*M[^L]*"', svg)


@pytest.mark.parametrize("kind", ["bar", "hbar", "line"])
def test_drawings_stay_inside_the_picture(kind):
    names = ("一个很长很长的类别名称用来换行", "高新技术产业开发区管理委员会人才办", "甲")
    chart = Chart("人数", kind, names, (Series("本年", (999999, 1, 0)), Series("上年", (5, 6, -7))))
    svg = chart_svg(chart)
    places = re.findall('<(?:text|rect) x="([-\\d.]+)" y="([-\\d.]+)"', svg)

    assert all(-0.1 <= float(x) <= WIDTH for x, _ in places)
    assert all(0 <= float(y) <= chart_height(chart) for _, y in places)


def test_charts_that_cannot_be_drawn_are_refused():
    many = tuple(Series(str(index), (1,)) for index in range(8))
    with pytest.raises(ValueError, match="最多7组"):
        chart_svg(Chart("人数", "bar", ("甲",), many))
    with pytest.raises(ValueError, match="只能有一组"):
        chart_svg(Chart("人数", "pie", ("甲",), many[:2]))
    with pytest.raises(ValueError, match="大于零"):
        chart_svg(Chart("人数", "pie", ("甲",), (Series("", (0,)),)))


def test_pictures_have_the_proportions_of_the_drawing():
    charts = [
        Chart("甲", "bar", NAMES, (Series("", (1, 2, 3)),)),
        Chart("乙", "pie", NAMES, (Series("", (1, 2, 3)),)),
        Chart("丙", "bar", NAMES, (Series("", (3, 2, 1)),)),
    ]
    pictures = [Image.open(BytesIO(data)) for data in chart_pictures(charts, FontSet())]

    for chart, picture in zip(charts, pictures, strict=True):
        assert picture.width / picture.height == pytest.approx(WIDTH / chart_height(chart), 0.01)
    assert pictures[0].tobytes() != pictures[2].tobytes()
    assert chart_pictures([], FontSet()) == []
