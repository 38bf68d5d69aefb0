"""Import a workbook from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.importing import Plan, commit, match, plan, read
from apps.records.importing.wording import count_sentences, ignored_sentence, proposal_sentences

_SHOWN = 20


class Command(BaseCommand):
    """Reads, checks and saves; without --valid-rows one faulty row stops everything."""

    help = "导入 Excel 工作簿：先检查全部行，再一次性保存。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="工作簿文件（.xlsx、.xls、.ods）")
        parser.add_argument(
            "--type", dest="label", default="", help="只按这一种记录导入，如 talents.Person"
        )
        parser.add_argument(
            "--valid-rows", action="store_true", help="有错误的行不导入，其余照常导入"
        )
        parser.add_argument("--check", action="store_true", help="只检查，不保存")

    def handle(
        self, *args: Any, file: Path, label: str, valid_rows: bool, check: bool, **options: Any
    ) -> None:
        by = Actor.system("命令行导入")
        try:
            types = [registry.get(label)] if label else None
            matches = match(read(file, name=file.name), types, scope=by.scope)
            result = plan(matches, by=by)
            self._show(result)
            if not check:
                commit(result, by=by, mode="valid" if valid_rows else "all", file_name=file.name)
        except (FileNotFoundError, IsADirectoryError):
            raise CommandError(f"没有找到文件 {file}，请核对路径。") from None
        except LookupError:
            raise CommandError(f"没有“{label}”这种记录，请写成如 talents.Person。") from None
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write("检查完毕，没有保存。" if check else "已导入。")

    def _show(self, result: Plan) -> None:
        sentences = [
            *count_sentences(result),
            ignored_sentence(result),
            *proposal_sentences(result),
        ]
        self.stdout.write("\n".join(filter(None, sentences)))
        for name in result.unmatched_sheets:
            self.stdout.write(f"工作表“{name}”认不出是哪种记录，没有导入。")
        for sheet, heading in result.unknown_columns:
            self.stdout.write(f"工作表“{sheet}”的“{heading}”列没有对应的字段，没有导入。")
        for fault in result.faults[:_SHOWN]:
            self.stdout.write(f"{fault.sheet}：{fault.message}")
        if len(result.faults) > _SHOWN:
            self.stdout.write(f"……共 {len(result.faults)} 处错误。")
