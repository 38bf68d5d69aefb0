import csv
import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from apps.core import codes
from apps.core.models import Code


class Command(BaseCommand):
    """Load the code tables of ``fixtures/codes``, again and again; the office's own rows stay."""

    help = "装载代码表"

    def handle(self, *args: object, **options: object) -> None:
        folder = Path(settings.BASE_DIR) / "fixtures" / "codes"
        synonyms = json.loads((folder / "synonyms.json").read_text(encoding="utf-8"))
        rows = []
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                for rank, row in enumerate(csv.DictReader(file), start=1):
                    extra = synonyms.get(path.stem, {}).get(row["code"], {})
                    rows.append(
                        Code(
                            table=path.stem,
                            code=row["code"],
                            name=row["name"],
                            short_name=extra.get("short", ""),
                            rank=extra.get("rank", rank),
                            synonyms=extra.get("synonyms", []),
                            definition=row.get("definition") or "",
                            active=extra.get("active", True),
                        )
                    )
        with transaction.atomic():
            Code.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["table", "code"],
                update_fields=["name", "short_name", "rank", "synonyms", "definition", "active"],
            )
        codes.forget({row.table for row in rows})
        self.stdout.write(f"已装载 {len({r.table for r in rows})} 张代码表，共 {len(rows)} 条。")
