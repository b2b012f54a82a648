"""Look, then change, and let nobody in between the two. A refused request changes nothing.

Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller.create answers 403 (2014.1 answered 413);
    nova/quota.py QuotaEngine.reserve takes the place before there is an instance, in one transaction. Since nova 16.0
    (2017) it counts, creates, and counts again ([quota] recheck_quota), for the sake of the same two creates.
"""

import io
import re
import threading
import types

from webob import Request

import controllers
from workshop.exercises.seen import message_of
from workshop.student import TOKEN, NotYet, instances_in

CHAPTER = 4
SERVICES = {'ground': 'configure.ini'}
QUOTA = 5


def check(student):
    meeting = Meeting()
    controllers.threading = types.SimpleNamespace(**{**vars(threading), 'Lock': meeting.lock})
    app = student.app()
    check_limit(app)
    delete_one(app)
    if create(app) != 201:
        raise NotYet('After a delete there are 4 instances, and a create is still refused: count those that there are.')
    delete_one(app)
    statuses = meeting.create_two(app.app)
    if statuses != [201, 403]:
        one, other = statuses
        raise NotYet(
            f'There was room for one instance, and two creates came at the same moment: they were answered {one} and '
            f'{other}. Look and change under the same lock.'
        )
    if len(ids(app)) != QUOTA:
        raise NotYet(f'After two creates at the same moment there are {len(ids(app))} instances, and not 5.')


def check_limit(app):
    for there in range(len(ids(app)), QUOTA):
        status = create(app)
        if status != 201:
            raise NotYet(f'There are {there} instances, and a create is answered {status}: up to 5, let it be 201.')
    before = ids(app)
    answer = ask_for_one_more(app)
    status = answer.status_int
    if status == 201:
        raise NotYet(
            'There are 5 instances, and one more create is answered 201: let the controller refuse it with 403.'
        )
    if status != 403:
        raise NotYet(f'There are 5 instances, and one more create is answered {status}: let it be 403.')
    check_message(message_of(answer.body))
    if ids(app) != before:
        raise NotYet(f'A create was refused, and now there are {len(ids(app))} instances: look first, then change.')


def check_message(message):
    """Whoever is refused shall know what to do, and that is to delete something."""
    if not message:
        raise NotYet('The refusal has no message: let it say what to do, such as "delete an instance first".')
    if not re.search('delet|remov|free', message, re.IGNORECASE):
        raise NotYet(
            f'The refusal says "{message}", and not what to do: let it name the way out, to delete an instance.'
        )


def ask_for_one_more(app):
    return app.request('POST', '/instances', TOKEN, 'name=one_more')


def create(app):
    return ask_for_one_more(app).status_int


def ids(app):
    answer = app.get('/instances', TOKEN)
    if answer.status_int != 200:
        raise NotYet(
            f'GET /instances is answered {answer.status_int} now, instead of 200: only create has something new.'
        )
    return [instance['id'] for instance in instances_in(answer)]


def delete_one(app):
    status = app.request('DELETE', f'/instances/{ids(app)[0]}', TOKEN).status_int
    if status != 204:
        raise NotYet(f'DELETE /instances/ID is answered {status} now, instead of 204: only create has something new.')


class Meeting:
    """Two creates, each of which waits for the other one where threads may change places: a body, a lock."""

    patience = 0.5  # seconds, for one who cannot come: then a lock holds it back, which is right

    def __init__(self):
        self.body, self.door = None, None

    def create_two(self, app):
        self.body, self.door = threading.Barrier(2), threading.Barrier(2)
        statuses = []
        threads = [threading.Thread(target=lambda: statuses.append(self.create(app)), daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.body = self.door = None
        if len(statuses) != 2:
            raise NotYet('Two creates came at the same moment, and one of them had no answer at all.')
        return sorted(statuses)

    def create(self, app):
        req = Request.blank('/instances', method='POST', headers=TOKEN)
        req.content_type, req.content_length = 'application/x-www-form-urlencoded', len(Body.data)
        req.environ['wsgi.input'] = Body(self)
        return req.get_response(app).status_int

    def wait(self, barrier):
        try:
            if barrier:
                barrier.wait(self.patience)
        except threading.BrokenBarrierError:
            pass

    def lock(self):
        return Lock(self)


class Body(io.BytesIO):
    """A request's body, on which one waits for the other request."""

    data = b'name=one_more'

    def __init__(self, meeting):
        super().__init__(self.data)
        self.meeting = meeting

    def read(self, size=-1):
        self.meeting.wait(self.meeting.body)
        return super().read(size)


class Lock:
    """What the controller gets as a lock: the two creates meet before it, and nobody waits in it for ever."""

    def __init__(self, meeting):
        self.meeting, self.real = meeting, threading.Lock()

    def acquire(self):
        self.meeting.wait(self.meeting.door)
        if not self.real.acquire(timeout=2):
            raise RuntimeError('this waits for self.lock, which is held already, for ever')
        return True

    def release(self):
        self.real.release()

    def locked(self):
        return self.real.locked()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *error):
        self.release()
