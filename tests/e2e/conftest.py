"""The running product, empty and with the demo district, and browsers signed in to it."""

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.browsing import ARGUMENTS, new_context
from tests.e2e.crawling import ROLES, crawl_as_everybody
from tests.e2e.places import find_keys
from tests.e2e.product import Product, drop_database, find_chromium, scratch_database


@pytest.fixture(scope="session")
def install(tmp_path_factory):
    """``install("demo", has_demo=True)``: an installation of that name, prepared and started."""
    folder, made = tmp_path_factory.mktemp("product"), []

    def installed(name, *, has_demo):
        database = scratch_database(folder, name)
        product = Product(folder / name, database, folder / name / "static", has_demo)
        made.append(product)
        product.prepare()
        product.start()
        return product

    yield installed
    for product in made:
        product.stop()
        drop_database(product.database)


@pytest.fixture(scope="session")
def demo(install):
    """The demo district 云岭区."""
    return install("demo", has_demo=True)


@pytest.fixture(scope="session")
def empty(install):
    """An office that has entered nothing yet."""
    return install("empty", has_demo=False)


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright):
    opened = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def keys(playwright, demo):
    """Records to look at; among them a report that has been drafted."""
    return find_keys(playwright, demo)


@pytest.fixture(scope="session")
def crawls(playwright, demo, keys):
    """Every page by role."""
    states = {role: demo.state(playwright, role) for role in ROLES}
    return crawl_as_everybody(states, demo)


@pytest.fixture
def window(playwright, browser):
    """``window(product, "staff")``: a page of somebody signed in, nobody without a name. At the
    end of the test no page may have broken the CSP, logged an error or asked another host.
    """
    opened = []

    def open_window(product, username="", **options):
        state = product.state(playwright, username) if username else None
        context, watch = new_context(browser, product, state, **options)
        opened.append((context, watch))
        page = context.new_page()
        page.watch = watch
        return page

    yield open_window
    faults = [fault for context, watch in opened for fault in watch.faults]
    for context, _ in opened:
        context.close()
    assert faults == []
