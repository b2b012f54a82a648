"""Before a large body is taken in: would the pipeline let this client in at all?

The server keeps a body on its disk until it is complete, and only then calls the application, whose first filters look
at the token. So whoever has none could fill the disk. Here the server asks the application beforehand, with a request
of the same path and headers, without a body, and with the method OPTIONS, for which no controller has an action:

    server  --OPTIONS, environ['glance.body_follows'] = 'PUT'-->  versionnegotiation, authtoken, context
    context --100 Continue-->  server: the body may come; a 401 goes to the client as it is, and nothing is read

Any other answer lets the body come: a pipeline without such filters lets everybody in. In the access log the question
is a line of its own.
Use: server.add_task(Question(channel, request)); it calls channel.admit(request) or channel.refuse(request, error)
Real: none; eventlet calls the application before it reads the body
"""

import copy

from waitress.task import WSGITask

BODY_FOLLOWS = 'glance.body_follows'  # key of the environ: the method of the request whose body waits


class Question:
    """A task for one of the server's threads."""

    def __init__(self, channel, request):
        self.channel, self.request = channel, request

    def service(self):
        refusal = ask(self.channel, self.request)
        if refusal:
            self.channel.refuse(self.request, refusal)
        else:
            self.channel.admit(self.request)

    def cancel(self):
        """The server ends."""
        self.channel.cancel()


class Refusal:
    """An answer in the place of waitress's errors: it is sent, and the connection closed."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def to_response(self, ident=None):
        return self.status, self.headers, self.body


def ask(channel, request):
    """The Refusal, or None where the body may come."""
    answers = []

    def start_response(status, headers, exc_info=None):
        answers[:] = [(status, headers)]

    body = channel.server.application(question(channel, request), start_response)
    try:
        text = b''.join(body)
    finally:
        getattr(body, 'close', lambda: None)()
    status, headers = answers[0]
    return Refusal(status, headers, text) if status.startswith('401 ') else None


def question(channel, request):
    """The environ to ask with."""
    alone = copy.copy(request)
    alone.body_rcv, alone.command = None, 'OPTIONS'
    alone.headers = {name: value for name, value in request.headers.items() if name not in ('CONTENT_LENGTH', 'EXPECT')}
    return {**WSGITask(channel, alone).get_environment(), BODY_FOLLOWS: request.command}
