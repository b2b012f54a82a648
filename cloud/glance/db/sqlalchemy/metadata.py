"""The metadata definitions that come with the service: one JSON file for each namespace, loaded into a new database.

A file is what POST /v2/metadefs/namespaces takes, too. Where there is any namespace already, nothing is loaded: what an
operator has deleted does not come back with the next start.
Use: load(metadefs, options.metadata_source_path)
Real: glance 2014.2 glance/db/sqlalchemy/metadata.py db_load_metadefs, which an operator calls (glance-manage
    db_load_metadefs) for the files in etc/metadefs. The ones here are of our own making
"""

import contextlib
import glob
import os

import simplejson

from cloud.glance.api.v2.metadef_namespaces import KINDS, values_of
from cloud.glance.api.v2.metadef_schemas import SCHEMAS
from cloud.glance.common import exception


def load(metadefs, folder):
    """ValueError, in one line, for a file that is no good."""
    if metadefs.is_empty():
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), '*.json'))):
            values, parts = read(path)
            with contextlib.suppress(exception.Duplicate):  # another process that starts was faster
                metadefs.create({'owner': None, **values, 'visibility': 'public', 'protected': True}, parts)


def read(path):
    try:
        with open(path, encoding='utf-8') as file:
            document = simplejson.load(file)
        SCHEMAS['namespace'].validate(document)
    except (OSError, ValueError) as error:
        raise ValueError(f'{path}: {error}') from None
    parts = {KINDS[name].name: KINDS[name].read(document.pop(name)) for name in KINDS if name in document}
    return values_of(document), parts
