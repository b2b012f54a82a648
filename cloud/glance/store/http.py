"""The store that is somebody else's web server: it reads, and never writes.

By urllib3: unlike http.client it follows redirects (and drops the password on the way to another host) and limits
the wait for each read; requests would only add a layer around its stream.
Use: a location http://[USER:PASSWORD@]HOST[:PORT]/PATH[?QUERY], or the same with https
Real: glance 2014.1 glance/store/http.py Store, StoreLocation; the real one loses the query

Other servers are not trusted: they get a deadline and a floor of bytes per second (watch.py), and are read no further
than the bytes that they announce. So that slow ones cannot hold all of the service's workers, only MAX_AT_ONCE of these
wait for any at a time.
Left out: a list of the hosts that may be asked. A client that may set locations can make this service ask any host.
"""

import contextlib
import functools
import logging
import re
import threading
import weakref
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationValueError

from cloud.glance.common import exception
from cloud.glance.store import base, location, watch
from cloud.oslo.utils.strutils import DIGITS, is_whole_number, whole_number

LOG = logging.getLogger(__name__)
MAX_REDIRECTS = 5
MAX_AT_ONCE = 4  # workers that may wait for other servers: half of those that the service has


class StoreLocation(location.StoreLocation):
    """url: what is asked for, without user and password; credentials: 'user:password' or None."""

    @classmethod
    def parse_uri(cls, uri):
        try:
            parts = urlsplit(uri)
            valid = parts.scheme in Store.schemes and parts.hostname and parts.port != 0
        except ValueError:  # a port or an address that is none
            valid = False
        # urlsplit drops some control characters and keeps others; there is no place for any.
        if not valid or re.search('[\\x00-\\x20\\x7f]', uri):
            raise exception.BadStoreUri('The location is not of the form http://HOST/PATH.')
        credentials, at, host = parts.netloc.rpartition('@')
        if at and ':' not in credentials:
            raise exception.BadStoreUri('The location has a user without a password: give both, or none.')
        url = parts._replace(netloc=host, fragment='').geturl()
        return cls(uri=uri, url=url, credentials=unquote(credentials) if at else None)

    def get_uri(self):
        return self.uri


class Body:
    """The bytes of an answer, as they arrive: in chunks, or by read(n). done() is called at close(), or without it."""

    def __init__(self, response, watch, done=lambda: None):
        self.response = response
        self.size = size_of(response) or None
        self.transfer = watch.add(functools.partial(cut, response))
        self.done = weakref.finalize(self, end, watch, self.transfer, done)

    def __iter__(self):
        return base.chunks(self)

    def read(self, size=-1):
        # What has arrived, even if it is less than asked for: so a client that has gone is noticed soon.
        try:
            with self.transfer.waiting():
                chunk = self.response.read1(None if size < 0 else size, decode_content=False)
        except (HTTPError, ValueError) as error:  # the latter of a TLS connection that was cut
            raise unavailable(self.response.url, self.transfer.verdict or error) from None
        if self.transfer.verdict:  # what was cut off can look like an end
            raise unavailable(self.response.url, self.transfer.verdict)
        self.transfer.received += len(chunk)
        if self.size is not None and self.transfer.received > self.size:  # possible with Transfer-Encoding: chunked
            raise unavailable(self.response.url, f'more than the {self.size} bytes that it announced')
        return chunk

    def close(self):
        self.response.close()
        self.done()


def cut(response):
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # it may have ended in this moment
        response.shutdown()


def end(watch, transfer, done):
    watch.discard(transfer)
    done()


class Store(base.Store):
    """options.http_store_timeout: seconds for connecting, for all headers, for every read; the others: watch.py."""

    schemes = ('http', 'https')
    location_class = StoreLocation
    for_clients = True

    def configure(self):
        self.places = threading.BoundedSemaphore(MAX_AT_ONCE)
        retries = urllib3.Retry(total=None, connect=0, read=0, redirect=MAX_REDIRECTS, status=0, other=0)
        self.pool = urllib3.PoolManager(timeout=self.options.http_store_timeout, retries=retries)
        self.pool.pool_classes_by_scheme = watch.POOLS
        options = self.options
        self.watch = watch.Watch(
            options.http_store_timeout, options.http_store_transfer_timeout, options.http_store_min_rate
        )

    def get(self, location):
        return self.open(location)

    def get_for_client(self, location):
        self.take_place()
        try:
            return self.open(location, self.places.release)
        except BaseException:
            self.places.release()
            raise

    def open(self, location, done=lambda: None):
        response = self.ask('GET', location)
        body = Body(response, self.watch, done)
        return body, body.size

    def take_place(self):
        if not self.places.acquire(blocking=False):
            raise exception.RemoteServiceBusy

    def get_size(self, location):
        """0 if the server does not say, refuses, or cannot be reached: then there is nothing to be had."""
        self.take_place()
        try:
            response = self.ask('HEAD', location)
        except (exception.NotFound, exception.BadStoreUri, exception.RemoteServiceUnavailable) as error:
            LOG.debug('http store: %s', error.msg)
            return 0
        finally:
            self.places.release()
        response.close()
        return size_of(response)

    def ask(self, method, location):
        """The answer, its body not read yet. NotFound, BadStoreUri, RemoteServiceUnavailable."""
        url, credentials = location.store_location.url, location.store_location.credentials
        headers = urllib3.make_headers(basic_auth=credentials, accept_encoding='identity')
        try:
            response = self.pool.request(method, url, headers=headers, preload_content=False)
        except LocationValueError:
            raise exception.BadStoreUri('The location leads to no web server.') from None
        except HTTPError as error:
            raise unavailable(url, error) from None
        LOG.debug('http store: %s %s answers %d', method, url, response.status)
        if response.status != 200:
            response.close()
            raise refused(response.status)
        return response


def size_of(response):
    length = response.headers.get('Content-Length', '')
    return whole_number(length) if is_whole_number(length, DIGITS) else 0


def refused(status):
    if status in (404, 410):
        return exception.NotFound("There is nothing at the image's location.")
    if status >= 500:
        return exception.RemoteServiceUnavailable(f"The server of the image's location answers {status}.")
    return exception.BadStoreUri(f"The server of the image's location answers {status} instead of 200.")


def unavailable(url, error):
    LOG.debug('http store: %s: %s', url, error)
    return exception.RemoteServiceUnavailable("The server of the image's location does not answer as it should.")
