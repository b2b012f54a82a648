"""Where the log goes: to stderr, all of it with -v.

Use: setup(verbose=True), once, before anything is logged.
Real: nova 2014.2 nova/openstack/common/log.py setup; later oslo.log oslo_log/log.py
Left out: files, syslog, and levels by configuration.
"""

import logging

from cloud.oslo.log.formatters import LogFormatter


def setup(verbose):
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter(verbose))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler])
    # What these would add, our own lines say better; the queue warns whenever a request waits for a thread.
    logging.getLogger('routes').setLevel(logging.INFO)
    logging.getLogger('waitress').setLevel(logging.WARNING)
    logging.getLogger('waitress.queue').setLevel(logging.ERROR)
