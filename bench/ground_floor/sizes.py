"""What a request costs, by the number of instances there are."""

import json
from functools import partial
from statistics import median

from auth import Auth
from bench.answers import WrongAnswer, ask, check_status, id_of
from bench.effort import QUICK
from bench.exchanges import CREATE_FORM, DELETE, SHOW, TOKEN, Request
from bench.ground_floor.contenders import CLOUD, with_our_log
from bench.in_process import InProcess, logged_nowhere
from bench.measure import batch, interleaved
from bench.over_http import ROOT
from bench.plot import plot
from bench.table import comparisons
from controllers import Controller, new_instance
from routers import Router
from wsgi import FaultWrapper

COUNTS = (10, 100, 1000, 10_000, 100_000) if QUICK else (10, 100, 1000, 10_000, 100_000, 1_000_000)
SHOWN, CREATED, DELETED, PAGE = 'show', 'create', 'delete', 'page of 10 behind a marker'
AIMS = {SHOWN: (10, 1.2), CREATED: (10, 1.2), DELETED: (10, 1.2), PAGE: (1000, 1.5)}  # against how many, at most


def sizes():
    """A row for each of the requests with the most instances, and the plot of all sizes."""
    with logged_nowhere():
        turns = {}
        for count in COUNTS:
            turns |= {(what, count): turn for what, turn in turns_of(*cloud_with(count)).items()}
        times = interleaved(turns, rounds=200, limit=60)
    if not QUICK:
        lines = {what: [(count, median(times[what, count]) * 1e6) for count in COUNTS] for what in AIMS}
        title = 'What an answer costs (microseconds, in-process, as served), by the number of instances'
        (ROOT / 'bench' / 'size.svg').write_text(plot(title, lines))
    return [row for what in AIMS for row in compared(what, times)]


def compared(what, times):
    most, (few, aim) = COUNTS[-1], AIMS[what]
    against = f'with {few:,}'
    pair = {'most': times[what, most], against: times[what, few]}
    return comparisons(f'size, {most:,} instances: {what}', pair, {against: aim})


def cloud_with(count):
    """(a client of the cloud with so many instances, their ids). Past the API: a million of them take half a minute."""
    controller = Controller()
    for instance_id in list(controller.instances):
        del controller.instances[instance_id]
    for number in range(count):
        controller.add(new_instance(f'instance {number}'))
    pipeline = Auth(Router(instances=controller), TOKEN)
    return InProcess(with_our_log(FaultWrapper(pipeline))), list(controller.instances)


def turns_of(client, ids):
    """{what: function for the seconds of one such request}. What is created is deleted again, and back to front."""
    place = max(0, len(ids) // 2 - 6)
    page = Request('GET', f'/instances?limit=10&marker={ids[place]}', 200)
    listed = json.loads(ask(CLOUD, client, page).body)['instances']
    if [instance['id'] for instance in listed] != ids[place + 1 : place + 11]:
        raise WrongAnswer(f'{CLOUD} answers {page.target} with another page than the one behind it')
    return {
        SHOWN: partial(batch, CLOUD, client, SHOW.at(ids[len(ids) // 2]), 10),
        CREATED: partial(created, client),
        DELETED: partial(deleted, client),
        PAGE: partial(batch, CLOUD, client, page, 10),
    }


def created(client):
    seconds, answers = client.timed(CREATE_FORM, 10)
    for answer in answers:
        client.ask(DELETE.at(id_of(check_status(CLOUD, CREATE_FORM, answer))))
    return seconds / 10


def deleted(client):
    seconds = 0
    for _ in range(10):
        seconds += batch(CLOUD, client, DELETE.at(id_of(client.ask(CREATE_FORM))), 1)
    return seconds / 10
