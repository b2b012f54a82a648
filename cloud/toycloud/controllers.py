"""The actions behind the table of pages.py.

Use: Health(controls, faults, gate) and the like are WSGI applications for a Router
Real: none
"""

import time

import simplejson
from webob.exc import (
    HTTPBadRequest,
    HTTPConflict,
    HTTPNotFound,
    HTTPServiceUnavailable,
    HTTPUnsupportedMediaType,
    status_map,
)

from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.middleware import request_id
from cloud.oslo.utils import timeutils, uuidutils
from cloud.toycloud.faults import BadRule
from cloud.toycloud.problem import Problem
from wsgi import Resource, answer

CLOCK = timeutils.CLOCK
MOST_KEPT = 10  # states, each of which may be as large as toycloud_state_limit


class Page(Resource):
    def perform(self, req, action, variables):
        try:
            return super().perform(req, action, variables)
        except (BadRule, Problem) as error:
            raise status_map[getattr(error, 'code', 400)](str(error)) from None
        except DBError as error:
            raise HTTPServiceUnavailable(str(error)) from None


class Health(Page):
    def __init__(self, controls, faults, gate):
        self.controls, self.faults, self.gate = controls, faults, gate

    def show(self, req):
        """GET /toycloud/health"""
        problems = self.controls.problems()
        document = {
            'service': self.controls.service,
            'healthy': not problems,
            'problems': problems,
            'requests': self.gate.running,
            'delayed': self.gate.delayed,
            'faults': len(self.faults.rules),
            'clock': view_of_clock(),
        }
        return answer(document, 503 if problems else 200)


class StateController(Page):
    """others: what a reset clears, too."""

    def __init__(self, state, others):
        self.state, self.others = state, others

    def reset(self, req):
        """POST /toycloud/reset"""
        begun = time.perf_counter()
        self.state.reset()
        for other in self.others:
            other.clear()
        return {'reset': {'milliseconds': round(1000 * (time.perf_counter() - begun), 1)}}

    def show(self, req):
        """GET /toycloud/state"""
        return answer(self.state.save())

    def update(self, req):
        """PUT /toycloud/state"""
        self.state.load(read_json(req))


class KeptStates(Page):
    """States that the service keeps, by name, for as long as it lives: to come back to, without sending them around."""

    def __init__(self, state):
        self.state, self.kept = state, {}

    def index(self, req):
        """GET /toycloud/states"""
        return {'states': sorted(self.kept)}

    def save(self, req, name):
        """PUT /toycloud/states/{name}: keep what is now under this name"""
        if name not in self.kept and len(self.kept) >= MOST_KEPT:
            raise HTTPConflict(f'{MOST_KEPT} states are kept: delete one first.')
        self.kept[name] = self.state.save()

    def load(self, req, name):
        """POST /toycloud/states/{name}: have all be as it was then"""
        self.state.load(self.find(name))

    def show(self, req, name):
        """GET /toycloud/states/{name}"""
        return answer(self.find(name))

    def delete(self, req, name):
        """DELETE /toycloud/states/{name}"""
        self.find(name)
        self.kept.pop(name, None)

    def find(self, name):
        try:
            return self.kept[name]
        except KeyError:
            raise HTTPNotFound('There is no such state: GET /toycloud/states lists all.') from None


class Ids(Page):
    number = None

    def seed(self, req):
        """PUT /toycloud/seed {"seed": 42}: the ids that follow are the same each time; null: random ones again"""
        number = read_fields(req, 'seed')['seed']
        if number is not None and not is_number(number, 0, 2**64, int):
            raise HTTPBadRequest('seed is a whole number from 0 on, or null.')
        self.number = number
        self.clear()
        return {'seed': number}

    def clear(self):
        """Begin again with the number that was given."""
        uuidutils.seed(self.number)
        request_id.RANDOM.seed(self.number)


class FaultsController(Page):
    def __init__(self, faults):
        self.faults = faults

    def index(self, req):
        """GET /toycloud/faults"""
        return {'faults': [rule.view() for rule in self.faults.rules.values()]}

    def create(self, req):
        """POST /toycloud/faults"""
        return answer({'fault': self.faults.add(read_json(req)).view()}, 201)

    def show(self, req, id):
        """GET /toycloud/faults/{id}"""
        try:
            return {'fault': self.faults.rules[id].view()}
        except KeyError:
            raise unknown_rule() from None

    def delete(self, req, id):
        """DELETE /toycloud/faults/{id}"""
        if not self.faults.remove(id):
            raise unknown_rule()

    def delete_all(self, req):
        """DELETE /toycloud/faults"""
        self.faults.clear()


class ClockController(Page):
    def __init__(self, controls, gate):
        self.controls, self.gate = controls, gate

    def show(self, req):
        """GET /toycloud/clock"""
        return {'clock': view_of_clock()}

    def update(self, req):
        """PUT /toycloud/clock {"stopped": true, "advance": 3600}: either, or both"""
        wanted = read_fields(req, 'stopped', 'advance')
        if not isinstance(wanted.get('stopped', True), bool):
            raise HTTPBadRequest('stopped is true or false.')
        if not is_number(wanted.get('advance', 0), 0, 10**11, int | float):
            raise HTTPBadRequest('advance is a number of seconds, from 0 on: a clock does not go back.')
        try:
            with self.gate.alone():
                self.move(wanted)
                self.controls.clock_moved()
        except ValueError as error:
            raise HTTPBadRequest(str(error)) from None
        return self.show(req)

    def move(self, wanted):
        if wanted.get('stopped') is True:
            CLOCK.stop()
        if 'advance' in wanted:
            CLOCK.advance(wanted['advance'])
        if wanted.get('stopped') is False:
            CLOCK.start()

    def reset(self, req):
        """DELETE /toycloud/clock: the true time again"""
        with self.gate.alone():
            self.clear()

    def clear(self):
        CLOCK.reset()
        self.controls.clock_moved()


class Instances(Page):
    def __init__(self, controls):
        self.controls = controls

    def update(self, req, id):
        """PUT /toycloud/instances/{id} {"vm_state": "error", "task_state": null}"""
        if not hasattr(self.controls, 'force'):
            raise HTTPNotFound(f'{self.controls.service} has no instances: ask nova.')
        wanted = read_fields(req, 'vm_state', 'task_state')
        try:
            instance = self.controls.force(id, wanted.get('vm_state'), wanted.get('task_state'))
        except KeyError:
            raise HTTPNotFound('There is no instance of this id.') from None
        except (ValueError, TypeError) as error:
            raise HTTPBadRequest(str(error)) from None
        except RuntimeError as error:
            raise HTTPConflict(str(error)) from None
        names = ('uuid', 'vm_state', 'task_state', 'power_state')
        return {'instance': {name: instance[name] for name in names}}


class UnreadController(Page):
    def __init__(self, unread):
        self.unread = unread

    def index(self, req):
        """GET /toycloud/unread"""
        return {'unread': self.unread.view()}

    def delete_all(self, req):
        """DELETE /toycloud/unread"""
        self.unread.clear()


def view_of_clock():
    now = timeutils.strtime(timeutils.utcnow()) + 'Z'
    return {'now': now, 'stopped': CLOCK.is_stopped, 'advanced_by': CLOCK.skipped}


def unknown_rule():
    return HTTPNotFound('There is no such rule: GET /toycloud/faults lists all.')


def is_number(value, least, most, kinds):
    return isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most


def read_fields(req, *names):
    """The body's JSON object, which has some of these names, and no others; HTTPBadRequest."""
    document = read_json(req)
    if not isinstance(document, dict) or not document or set(document) - set(names):
        raise HTTPBadRequest(f'Send a JSON object with {", ".join(names)}.')
    return document


def read_json(req):
    """The body's JSON; HTTPBadRequest, HTTPUnsupportedMediaType."""
    if req.content_type not in ('application/json', ''):
        raise HTTPUnsupportedMediaType('Send JSON, with the header Content-Type: application/json.')
    try:
        return simplejson.loads(req.body)
    except (ValueError, RecursionError, OSError):
        raise HTTPBadRequest('The body is not JSON in UTF-8.') from None
