"""Open files: each connection is one, and a process may have so many (`ulimit -n`: often 1024, on macOS 256).

A server that has none left cannot even take a connection to say so: it would be told of the same one again and again.
So the process asks for as many as its connections may need, and where it does not get them, has fewer connections.

Use: connection_limit = fit_connections(connection_limit=500, threads=8)
Real: none; an operator sets LimitNOFILE in the service's systemd unit
"""

import logging

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None

LOG = logging.getLogger(__name__)

PER_CONNECTION = 2  # itself, and a temporary file for a body on its way in, or an answer on its way out
PER_THREAD = 4  # the database (its file, its log, their index), and one of the application's own
RESERVE = 64  # the log, the listener, modules that are loaded late
SELECT = 1024  # select(), which waitress uses without asyncore_use_poll, knows no higher number of a file
LEAST = 10


def fit_connections(connection_limit, threads, use_poll=True):
    """How many connections a server may have: as many as wanted, or as the files that its process may open allow.

    The process's soft limit is raised for them, as far as the hard one lets it.
    """
    if resource is None:
        return connection_limit
    others = RESERVE + PER_THREAD * threads
    files = raise_limit(others + PER_CONNECTION * connection_limit)
    room = max(((files if use_poll else min(files, SELECT)) - others) // PER_CONNECTION, LEAST)
    if room >= connection_limit:
        return connection_limit
    LOG.warning(
        'connection_limit = %d: this process may open only %d files (ulimit -n), so it takes %d connections at a time',
        connection_limit, files, room,
    )  # fmt: skip
    return room


def raise_limit(wanted):
    """Let this process open so many files, if the system does; how many it may open then."""
    soft, hard = (value if value != resource.RLIM_INFINITY else 2**31 for value in limits())
    if soft >= wanted:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), limits()[1]))
    except (OSError, ValueError):  # macOS has a second limit, which it does not tell
        return soft
    return min(wanted, hard)


def limits():
    return resource.getrlimit(resource.RLIMIT_NOFILE)
