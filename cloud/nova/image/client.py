"""The client that tries again: each attempt goes to the next image service.

    GlanceClientWrapper.call -> _create_onetime_client -> _create_glance_client -> python-glanceclient -> HTTP

Use: GlanceClientWrapper(options).call(context, 1, 'get', image_id)
Real: nova 2013-04 (c8067d1b70) nova/image/glance.py GlanceClientWrapper, _create_glance_client; all of nova's image
    service is in that one file there. The options are a global CONF there, and an argument here.
Left out: certificates of our own to check https servers with; headers that say who the user is.
"""

import functools
import http.client
import logging

import glanceclient
import glanceclient.exc

from cloud.nova import cancel, exception
from cloud.nova.image.api_servers import address, get_api_servers
from cloud.nova.image.streams import BrokenDownload
from cloud.nova.image.transfer import as_it_comes
from cloud.oslo.middleware.request_id import GLOBAL_REQUEST_ID

LOG = logging.getLogger(__name__)
# Errors that another attempt may cure, and what clients are told about them.
RETRIED = {
    BrokenDownload: 'its data broke off or came damaged',
    glanceclient.exc.ServiceUnavailable: 'it answers 503',
    glanceclient.exc.InvalidEndpoint: 'no answer in time, or no such host',
    glanceclient.exc.CommunicationError: 'no connection, or a broken one',
}


class HeadersTooLarge(Exception):
    """The answer has more headers (100), or a longer one (64 KiB), than Python's http.client reads.

    The image has many properties, or large ones: v1 sends each as a header, v2 sends all as JSON. Another server would
    send the same headers, so v2 is asked instead.
    """


class GlanceClientWrapper:
    """Calls glance, up to 1 + glance_num_retries times, each time the next server.

    host, port, use_ssl: one server for all calls, instead of those that the ini names; its client is kept, and
    with it the token of `context`. ValueError if the ini's glance_api_servers are no addresses.
    """

    def __init__(self, options, context=None, host=None, port=None, use_ssl=False):
        self.options = options
        self.context = context
        self.fixed = (host, port, use_ssl) if host is not None else None
        self.clients = {}  # of the fixed server, by version
        self.api_servers = get_api_servers(options)

    def call(self, context, version, method, *args, again=lambda: True, consume=lambda result: result, transfer=None,
             **kwargs):  # fmt: skip
        """What client.images.METHOD(*args, **kwargs) answers, of API version 1 or 2.

        consume: a function that reads the answer, be it pages or bytes, as a part of the attempt, and returns the
        call's result. again: a function that says, before each further attempt, whether it may be made.
        transfer: a Transfer, which can cut the connection.
        GlanceConnectionFailed, naming the servers, when no attempt succeeds; HeadersTooLarge; other errors of
        glanceclient as they are.
        """
        tried = {}
        for attempt in range(1 + self.options.glance_num_retries):
            if attempt:
                if not again():
                    break
                cancel.sleep(self.options.glance_retry_interval)
            server, client = self._client(context, version, transfer)
            try:
                # glanceclient takes things out of the dicts that it is given.
                copies = {name: dict(value) if isinstance(value, dict) else value for name, value in kwargs.items()}
                return consume(getattr(client.images, method)(*args, **copies))
            except tuple(RETRIED) as error:
                if has_too_large_headers(error):
                    raise HeadersTooLarge from error
                cause, reason = error, next(RETRIED[kind] for kind in RETRIED if isinstance(error, kind))
                LOG.warning('glance at %s, %s: %s (%s)', address(*server), method, reason, error)
                tried[f'{address(*server)} ({reason})'] = True
        raise exception.GlanceConnectionFailed(servers=', '.join(tried)) from cause

    def _client(self, context, version, transfer):
        if self.fixed is None or transfer:
            server, client = self._create_onetime_client(context, version)
            if transfer:
                client.http_client.session.hooks['response'].append(transfer.follow)
            return server, client
        if version not in self.clients:
            self.clients[version] = _create_glance_client(self.options, self.context, *self.fixed, version)
        return self.fixed, self.clients[version]

    def _create_onetime_client(self, context, version):
        """The next server, or the fixed one, and a client of it for one attempt."""
        if self.fixed:
            return self.fixed, _create_glance_client(self.options, self.context, *self.fixed, version)
        server = next(self.api_servers)
        return server, _create_glance_client(self.options, context, *server, version)


def has_too_large_headers(error):
    """Whether the error was caused by http.client's limits for headers."""
    while error is not None:
        if isinstance(error, http.client.HTTPException) and 'got more than' in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _create_glance_client(options, context, host, port, use_ssl, version=1):
    """The real client. Nothing else in nova makes one, so tests replace this function."""
    params = {'timeout': options.glance_client_timeout, 'global_request_id': GLOBAL_REQUEST_ID.get()}
    if use_ssl:
        params['insecure'] = options.glance_api_insecure
    if options.auth_strategy == 'keystone':
        params['token'] = context.auth_token
    endpoint = f'{"https" if use_ssl else "http"}://{address(host, port)}/v{version}'
    client = glanceclient.Client(endpoint=endpoint, **params)
    client.http_client.session.trust_env = False  # services speak to each other directly, whatever http_proxy says
    client.http_client.session.hooks['response'].append(hand_on_as_it_comes)
    return client


def hand_on_as_it_comes(response, **kwargs):
    """For requests' hook: a slow download can be told from a fast one while it goes on."""
    response.iter_content = functools.partial(as_it_comes, response.raw)
