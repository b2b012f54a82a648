"""In-process: the pipeline against each rival, and the cloud against those who have its log, too."""

from bench.answers import check_alike, resize
from bench.exchanges import CREATE_FORM, CREATE_JSON, LIST, SHOW
from bench.ground_floor import pipeline_alone
from bench.ground_floor.contenders import ALONE, CLOUD, CONFIG, RIVALS, with_our_log
from bench.in_process import InProcess, logged_nowhere
from bench.measure import compare
from bench.rivals import falcon_app, flask_app
from bench.rivals.usual_log import with_ids_and_log
from bench.table import comparisons
from server import load_app

FLASK_LOGGED, FALCON_LOGGED = 'Flask, same log', 'Falcon, same log'
FLASK_OURS, FALCON_OURS = 'Flask, our log', 'Falcon, our log'
OPERATIONS = {
    # what: (request, at most this ratio to Flask: alone, as served); those that create come last, for it stays
    'GET /instances/{id}': (SHOW, 0.40, 0.36),
    'GET /instances (3)': (LIST, 0.45, 0.34),
    'POST /instances, form': (CREATE_FORM, 0.65, 0.45),
    'POST /instances, JSON': (CREATE_JSON, 0.65, None),
}


def in_process():
    """Four operations, and a list of 1000."""
    with logged_nowhere():
        apps = {ALONE: pipeline_alone.app, **{name: module.app for name, module in RIVALS.items()}}
        apps |= {CLOUD: load_app(CONFIG), FLASK_LOGGED: with_ids_and_log(flask_app.app)}
        apps |= {FALCON_LOGGED: with_ids_and_log(falcon_app.app)}
        apps |= {FLASK_OURS: with_our_log(flask_app.app), FALCON_OURS: with_our_log(falcon_app.app)}
        clients = {name: InProcess(app) for name, app in apps.items()}
        check_alike(clients)
        found = []
        for what, (request, alone, served) in OPERATIONS.items():
            times = compare(clients, request, count=20, rounds=200, limit=8)
            found += alone_and_served(what, times, alone, served)
        for client in clients.values():
            resize(client, 1000)
        return found + alone_and_served('GET /instances (1000)', compare(clients, LIST, 1, 200, 8))


def alone_and_served(what, times, alone=None, served=None):
    """Rows for the pipeline alone against each rival, and for the cloud as served. times: as from compare."""
    logged = {name: times.pop(name) for name in (CLOUD, FLASK_LOGGED, FALCON_LOGGED, FLASK_OURS, FALCON_OURS)}
    rows = comparisons(f'in-process: {what}', times, {'Flask': alone})
    return [*rows, *comparisons(f'in-process, as served: {what}', logged, {FLASK_LOGGED: served})]
