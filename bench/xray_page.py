"""
## The X-ray's page

- **page**: processor time of the page's main thread, in headless Chromium at 1440 by 900, from a click on a request
  with 1,000 steps until its house, its tree and its first step with its source are drawn; against 200 ms. The request
  is out of a file that was imported; another one is shown in between.
"""

import gzip
import json
import shutil
import urllib.request

from bench.effort import at_most
from bench.long_walk import long
from bench.measure import ratio
from bench.over_http import ROOT, serving
from bench.own_service import in_folder
from bench.table import Row

STEPS, ENOUGH = 1000, 0.2  # seconds
ARGUMENTS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']


@in_folder
def page(folder):
    from playwright.sync_api import sync_playwright

    ini = folder / 'configure.ini'
    ini.write_text((ROOT / 'configure.ini').read_text().replace('%(here)s/data/xray', f'{folder}/xray'))
    with serving('server.py', str(ini), 'xray', '--port', '0') as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=ARGUMENTS)
        shown = browser.new_page(viewport={'width': 1440, 'height': 900})
        walks = [
            long(STEPS, f'req-00000001-0000-4000-8000-{STEPS:012d}'),
            long(3, f'req-00000002-0000-4000-8000-{3:012d}'),
        ]
        send(url, {'xray': 1, 'requests': walks})
        shown.goto(f'{url}/xray/')
        times = [drawing(shown, *(walk['id'] for walk in walks)) for _ in range(at_most(20, 5))]
        browser.close()
    compared = ratio(times, [ENOUGH] * len(times))
    here = f'{1000 * sorted(times)[len(times) // 2]:.0f} ms'
    return [Row(f'page, {STEPS} steps', '200 ms', compared, at_most=1.0, here=here)]


def send(url, document):
    headers = {'Content-Type': 'application/json', 'Content-Encoding': 'gzip'}
    body = gzip.compress(json.dumps(document).encode())
    urllib.request.urlopen(urllib.request.Request(f'{url}/xray/import', body, headers), timeout=60).close()


def drawing(shown, long_id, short_id):
    """Seconds of the page's processor time from a click on the long walk until it is drawn; the short one is before."""
    show(shown, short_id)
    session = shown.context.new_cdp_session(shown)
    session.send('Performance.enable', {'timeDomain': 'threadTicks'})
    before = busy(session)
    show(shown, long_id)
    shown.wait_for_selector('#step .line.lit')
    after = busy(session)
    session.detach()
    return after - before


def show(shown, request_id):
    """Click on it, and wait until it walks."""
    shown.click(f'[data-id={request_id}]')
    shown.wait_for_selector(f'.headline .id:has-text("{request_id}")')
    shown.wait_for_selector('.place.here')


def busy(session):
    metrics = session.send('Performance.getMetrics')['metrics']
    return next(each['value'] for each in metrics if each['name'] == 'TaskDuration')


PARTS = {'x-ray, page': page}
SLOW = ()
