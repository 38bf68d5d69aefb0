"""Documents and their renderings, made once for all tests of this folder."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from apps.reports.document.pdf import render_pdf
from apps.reports.document.tree import (
    Attachment,
    Chart,
    Document,
    Heading,
    Paragraph,
    Run,
    Series,
    Table,
)
from apps.reports.document.word import render_word

SENTENCE = (
    "坚持党管人才原则，健全一把手抓第一资源的工作机制，把人才工作列为党建述职的重要内容，"
    "推动人才链与产业链、创新链深度融合。"
)


@pytest.fixture(scope="session")
def plain_document() -> Document:
    """Hanzi without any mark: each line can be filled."""
    return Document(("关于人才工作的报告",), (Paragraph.of("人才工作" * 600),))


@pytest.fixture(scope="session")
def marked_document() -> Document:
    """Hanzi with marks that may not begin a line, so that lines need justification."""
    text = "".join("人" * count + SENTENCE for count in range(1, 30))
    return Document(("关于人才工作的报告",), (Paragraph.of(text),))


@pytest.fixture(scope="session")
def rare_document() -> Document:
    """Characters that the main fonts lack, on every line or so."""
    return Document(("关于人才工作的报告",), (Paragraph.of("专家䶮㛃𬭎入选名单面积㎡共计" * 120),))


@pytest.fixture(scope="session")
def report() -> Document:
    """A small report with everything in it."""
    table = Table(
        "各类人才队伍情况",
        ("人才类别", "人数（人）", "占比（%）"),
        (
            ("党政人才", Run("1286", figure="party", url="/metrics/party/"), "3.6"),
            ("合计", "9", "1"),
        ),
        note="注：各支队伍有交叉。",
        has_total=True,
    )
    chart = Chart("培训人次", "bar", ("2024年", "2025年"), (Series("", (1011, 1164)),), "人次")
    blocks = (
        Paragraph.of("全年培训", Run("1164", figure="train", url="/metrics/train/"), "人次。"),
        Heading(1, "基本情况"),
        Paragraph.of("专家䶮某、𬭎某入选，新增面积1200㎡，详见下表。"),
        table,
        Heading(2, "健全体制机制"),
        Heading(3, "加强组织领导"),
        Heading(4, "压实责任"),
        Paragraph.of(SENTENCE * 4),
        Heading(3, "完善政策体系"),
        chart,
        Heading(1, "下一步打算"),
        Paragraph.of(SENTENCE),
    )
    attachments = (
        Attachment("统计表", (Table("", ("项目", "数"), (("甲", "1"),)),)),
        Attachment("重点工作清单", (Heading(1, "培训"), Paragraph.of("一是做好培训。"))),
    )
    return Document(
        ("中共某区委组织部", "关于2025年度人才工作情况的报告"),
        blocks,
        "市委组织部：",
        "中共某区委组织部",
        date(2025, 12, 31),
        attachments,
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory, plain_document, marked_document, rare_document, report) -> Path:
    """All documents as PDF and Word files, named by what they are."""
    place = tmp_path_factory.mktemp("documents")
    documents = {
        "plain": plain_document,
        "marked": marked_document,
        "rare": rare_document,
        "report": report,
    }
    for name, document in documents.items():
        (place / f"{name}.pdf").write_bytes(render_pdf(document))
        (place / f"{name}.docx").write_bytes(render_word(document))
    return place


@pytest.fixture(scope="session")
def office_folder(folder: Path) -> Path:
    """The Word files as LibreOffice prints them, converted in one go."""
    if not shutil.which("soffice"):
        if os.environ.get("CI"):
            pytest.fail("soffice is missing: install libreoffice-writer-nogui")
        pytest.skip("soffice is missing: install libreoffice-writer-nogui")
    place = folder / "office"
    names = [str(folder / f"{name}.docx") for name in ("plain", "marked", "rare", "report")]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(place)]
    subprocess.run([*command, *names], check=True, capture_output=True, timeout=120)
    return place
