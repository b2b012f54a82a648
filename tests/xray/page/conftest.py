"""A real browser, driven as a person would: one for all tests of the page, with a fresh profile for each."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.servers import WarmServer
from tests.xray.conftest import write_ini
from tests.xray.page.services import Services

ARGUMENTS = [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
    '--disable-background-networking', '--disable-component-update',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]  # fmt: skip
DESK, PHONE = {'width': 1440, 'height': 900}, {'width': 390, 'height': 844}


@pytest.fixture(scope='module')
def browser():
    chromium = shutil.which('chromium')
    if not chromium:
        pytest.fail('the tests of the page need a browser: on Debian, sudo apt install chromium', pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


class Page:
    """What a person does and sees. page: Playwright's; ids: of the recorded requests, by name."""

    def __init__(self, page, services):
        self.page, self.url, self.ids = page, services.url, services.ids

    def open(self, request_id, view):
        self.page.goto('about:blank')  # so that the address is not merely another part of the same page
        self.page.goto(f'{self.url}/xray/' + (f'#{request_id}/{view}' if request_id else ''))
        self.page.wait_for_selector('body.ready')
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, selector):
        return self.page.locator(selector).text_content()

    def wait(self, selector, **more):
        return self.page.wait_for_selector(selector, **more)

    def at(self):
        """Where the cursor is: the number of its position, and of how many."""
        return tuple(int(number) for number in self.text('#counter').split(' / '))

    def step(self):
        return self.text('#step h2')

    def places(self, state):
        """The titles of the floors, rings and items that are in this state: here, visited, missed, refused."""
        return self.page.locator(f'.place.{state} text:first-of-type').all_text_contents()


@pytest.fixture(scope='module')
def services(cloud):
    folder = cloud['nova-api'].log_path.parent
    ground = WarmServer([str(write_ini(folder)), 'xray'], folder / 'ground-floor.log')
    try:
        services = Services(ground.url, cloud)
        services.ask_all()
        yield services
    finally:
        ground.end()


@pytest.fixture(scope='module')
def new_page(browser):
    """new_page(size=PHONE): one of Playwright's, and the list of what the browser will complain about."""
    contexts = []

    def new_page(size=DESK, **more):
        contexts.append(context := browser.new_context(viewport=size, reduced_motion='reduce', **more))
        context.set_default_timeout(20_000)
        page, complaints = context.new_page(), []
        page.on('console', lambda said: complaints.append(said.text) if said.type in ('error', 'warning') else None)
        page.on('pageerror', lambda error: complaints.append(str(error)))
        return page, complaints

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture(scope='module')
def usual(new_page):
    return new_page()


@pytest.fixture
def open_page(services, new_page, usual):
    """open_page('refused', 'walk', size=PHONE): a Page on the request of that name.

    Whatever the browser complained about fails the test.
    """
    opened = []

    def open_page(name=None, view='walk', **more):
        opened.append(new_page(**more) if more else usual)
        opened[-1][1].clear()
        return Page(opened[-1][0], services).open(name and services.ids[name], view)

    yield open_page
    assert [complaints for _, complaints in opened if complaints] == []
