"""A stamp is seen by every process, and only when something changed."""

import subprocess
import sys

from django.conf import settings

from apps.core import stamps


def test_a_stamp_is_empty_until_it_is_set_and_new_each_time(db):
    assert stamps.read("nobody-has-set-it") == ""

    seen = set()
    for _ in range(5):
        stamps.renew("tested")
        seen.add(stamps.read("tested"))

    assert len(seen) == 5
    assert stamps.read("tested") == stamps.read("tested")


def test_another_process_sees_it(db):
    stamps.renew("tested")
    before = stamps.read("tested")
    script = (
        "import os; from django.conf import settings;"
        f"settings.configure(MEDIA_ROOT={str(settings.MEDIA_ROOT)!r});"
        "from apps.core import stamps; stamps._write('tested')"
    )

    subprocess.run([sys.executable, "-c", script], check=True)

    assert stamps.read("tested") not in ("", before)


def test_it_is_set_again_when_the_transaction_has_come_to_stay(
    db, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        stamps.renew("tested")
        before = stamps.read("tested")

    assert len(callbacks) == 1
    assert stamps.read("tested") != before
