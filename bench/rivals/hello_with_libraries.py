"""The same hello, with the libraries imported that the cloud stands on."""

import argparse

import paste.deploy
import paste.translogger
import routes.middleware
import simplejson
import sortedcontainers
import webob.exc

from bench.rivals.hello import app

LIBRARIES = (argparse, paste.deploy, paste.translogger, routes.middleware, simplejson, sortedcontainers, webob.exc)
__all__ = ['LIBRARIES', 'app']
