"""A filter: counts the requests that reach it, and tells the count in each answer, as X-Counter."""

import threading


class Counter:
    def __init__(self, app):
        self.app = app
        self.count = 0
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            self.count += 1
            count = self.count

        def counted(status, headers, exc_info=None):
            return start_response(status, [*headers, ('X-Counter', str(count))], exc_info)

        return self.app(environ, counted)


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the filter's own section."""
    return Counter
