"""The filter that lets testers have their way with a service: faults by rule, and the pages under /toycloud/.

Use, in the ini:   [DEFAULT]
                   toycloud = True

                   [pipeline:main]
                   pipeline = toycloud nova

                   [filter:toycloud]
                   paste.filter_factory = cloud.toycloud.filter:filter_factory
                   token_file = %(here)s/../tokens.ini
Where toycloud is not True, the factory hands the application on as it is: /toycloud/ is a path like any unknown one.
Real: none
Left out: what other processes of the same service do; each has a filter, rules and a clock of its own.
"""

import logging
import time

from cloud.keystoneclient.middleware import auth_token
from cloud.oslo.config import cfg
from cloud.oslo.service import channel
from cloud.oslo.utils.units import Mi
from cloud.toycloud.faults import Faults
from cloud.toycloud.gate import Gate
from cloud.toycloud.matching import Request
from cloud.toycloud.pages import Pages, admins_alone
from cloud.toycloud.unread import RECORDER, Recorder, Unread

LOG = logging.getLogger(__name__)
OPTS = (
    cfg.BoolOpt('toycloud', False, 'whether admins may disturb this service, reset it and move its clock'),
    cfg.SizeOpt('toycloud_state_limit', 64 * Mi, "bytes of files in a saved state, beside the database's rows"),
)
PATH = '/toycloud'
HEADER = 'X-Toycloud-Fault'
FEWEST = 4  # requests that may be delayed at once, where the server does not tell how many workers it has


class ToyCloud:
    """WSGI filter. controls: what the service hands over; find_token: from a token to its identity, or None."""

    def __init__(self, app, controls, find_token, options):
        self.app, self.controls, self.find_token = app, controls, find_token
        self.faults, self.gate, self.unread = Faults(controls.service), Gate(), Unread()
        self.only_asks = getattr(controls, 'only_asks', None)
        pages = Pages(controls, self.faults, self.gate, self.unread, options)
        self.pages = auth_token.AuthProtocol(admins_alone(pages, self.only_asks), {}, find_token)

    def __call__(self, environ, start_response):
        path = environ['PATH_INFO']
        if path == PATH or path.startswith(PATH + '/'):
            return self.pages(environ, start_response)
        if self.only_asks in environ:
            return self.app(environ, start_response)
        hit = self.faults.find(Request(environ, self.controls, self.find_token)) if self.faults.rules else None
        if hit is None:
            return self.pass_on(environ, start_response)
        return self.disturb(hit, environ, start_response)

    def pass_on(self, environ, start_response):
        recorder = environ[RECORDER] = Recorder(environ, self.controls.headers)

        def noting(status, headers, exc_info=None):
            self.unread.add(recorder, int(status[:3]))
            return start_response(status, headers, exc_info)

        with self.gate.passing():
            return self.app(environ, noting)

    def disturb(self, hit, environ, start_response):
        """Answer as the rule wants it, and say so in a header."""
        rule, effect = hit
        LOG.info('%s: %s %s', rule.id, environ['REQUEST_METHOD'], environ['PATH_INFO'])

        def marked(status, headers, exc_info=None):
            return start_response(status, [*headers, (HEADER, rule.id)], exc_info)

        if effect.delay and not self.wait(effect.delay, environ):
            busy = f'{rule.id} delays more requests than half of the workers: this one is refused instead.'
            return self.controls.fault(503, busy)(environ, marked)
        if effect.drop == 'before':
            return hang_up(environ, start_response)
        if effect.status is not None:
            return self.refuse(rule, effect)(environ, marked)
        if effect.drop == 'after':
            close(self.pass_on(environ, lambda *answer: None))
            return hang_up(environ, start_response)
        return self.pass_on(environ, marked)

    def refuse(self, rule, effect):
        refusal = self.controls.fault(effect.status, effect.message or f'The rule {rule.id} wants this fault.')
        refusal.headers.update(effect.headers)
        return refusal

    def wait(self, seconds, environ):
        """Sleep; whether that was to be had: those who wait leave half of the workers to the others."""
        most = max(1, channel.workers(environ, 2 * FEWEST) // 2)
        with self.gate.delaying(most) as may:
            if may:
                time.sleep(seconds)
            return may


def hang_up(environ, start_response):
    """No answer: the connection is closed. Servers other than ours are told to say that they know no answer."""
    channel.drop(environ)
    start_response('502 Bad Gateway', [('Content-Length', '0'), ('Connection', 'close')])
    return []


def close(answer):
    if hasattr(answer, 'close'):
        answer.close()


def controls_behind(app):
    """What makes the controls of the service that a filter wraps. Other filters may stand in between."""
    while app is not None:
        if controls := getattr(app, 'controls', None):
            return controls
        app = getattr(app, 'app', None)
    raise ValueError('toycloud = True: there is no service behind the filter toycloud that can be controlled')


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this; returns a function that wraps an application. ValueError for a bad option."""
    options = cfg.parse(OPTS, global_config)
    if not options.toycloud:
        return lambda app: app

    def wrap(app):
        controls = controls_behind(app)()
        find_token = getattr(controls, 'find_token', None) or auth_token.token_finder(global_config, local_config)
        LOG.warning('toycloud = True: admins may reset this service, disturb it and move its clock, at %s/', PATH)
        return ToyCloud(app, controls, find_token, options)

    return wrap
