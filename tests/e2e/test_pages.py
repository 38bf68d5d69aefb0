"""Pages as a browser draws them: readable for everybody, fit for a phone; no error, nothing that
the CSP refuses, nothing off the host.
"""

from pathlib import Path

import pytest

from tests.e2e.browsing import DESK, PHONE
from tests.e2e.places import MAIN

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations']})"
WAY = "(found) => found.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`)"
REFUSED = {"refused": ("status of 403",), "not-there": ("status of 404",)}


@pytest.mark.parametrize("name", MAIN)
def test_main_page_is_readable_for_everybody(demo, window, keys, name):
    role, path = MAIN[name]
    page = window(demo, role)
    page.watch.expected = REFUSED.get(name, ())
    page.goto(path.format(**keys))
    page.evaluate(AXE)

    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        faults = page.evaluate(f"{RULES}.then(result => ({WAY})(result.violations))")
        assert faults == [], size
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, size
