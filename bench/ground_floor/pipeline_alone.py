"""The pipeline of configure.ini as `app`, without the request ids and the access log that server.py puts around it."""

from pathlib import Path

from paste.deploy import loadapp

from cloud.oslo.service.wsgi import config_uri

app = loadapp(config_uri(Path(__file__).parents[2] / 'configure.ini'))
