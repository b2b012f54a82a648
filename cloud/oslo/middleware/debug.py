"""What -v logs of the pipeline: a request reaches a step, and its answer leaves that step again.

    reaches Auth  ->  reaches Router  ->  ...  ->  leaves Router: 200 OK  ->  leaves Auth: 200 OK

Whoever leaves without another one having been reached is the one who answered.
Use: app = create(loadcontext(APP, uri, name)), instead of the context's own create().
Real: oslo.middleware 0.1 oslo/middleware/debug.py Debug, a filter that prints a request's environ and its answer
"""

import logging

from paste.deploy.loadwsgi import PIPELINE

from wsgi import application

LOG = logging.getLogger(__name__)


class Debug:
    """WSGI filter around one step, which must not notice: what else is asked of it is asked of the step."""

    def __init__(self, app):
        self.app = app
        self.name = getattr(app, '__name__', type(app).__name__)

    def __getattr__(self, name):
        return getattr(self.app, name)

    @application
    def __call__(self, environ, start_response):
        def watched(status, headers, exc_info=None):
            LOG.debug('leaves %s: %s', self.name, status)
            return start_response(status, headers, exc_info)

        LOG.debug('reaches %s', self.name)
        try:
            return self.app(environ, watched)
        except Exception as error:
            LOG.debug('%s fails: %s', self.name, type(error).__name__)
            raise


def create(context):
    """Create what a Paste Deploy context describes, with a Debug around each step of a pipeline."""
    if context.object_type is not PIPELINE:
        return Debug(context.create())
    app = create(context.app_context)
    for filter_context in reversed(context.filter_contexts):
        step = filter_context.create()(app)
        app = app if step is app else Debug(step)  # a filter that is switched off is no step
    return app
