"""What the image service lets testers do behind its back, where the ini says `toycloud = True`.

Use: root_app_factory's application has it: app.controls()  ->  a Controls
Real: none
"""

import os

from cloud.glance.common import exception
from cloud.glance.common.admission import BODY_FOLLOWS
from cloud.glance.context import RequestContext
from cloud.glance.db.sqlalchemy import metadata as namespaces
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.db.sqlalchemy.metadef_api import Metadefs
from cloud.glance.db.sqlalchemy.models import metadata
from cloud.glance.store.filesystem import NAME, Store, remove
from cloud.oslo.db.sqlalchemy.session import DBError
from wsgi import fault


class Controls:
    """parts: the image service's (api/parts.py)."""

    service = 'glance'
    fault = staticmethod(fault)
    tables = metadata.sorted_tables
    headers = {'HTTP_X_SERVICE_TOKEN', 'HTTP_RANGE', 'HTTP_CONTENT_RANGE'}
    only_asks = BODY_FOLLOWS  # key of the environ of what is no request of a client: may its body come?

    def __init__(self, parts):
        self.parts, self.db_api, self.session = parts, parts.db_api, parts.db_api.session
        stores = [store for store in parts.store_api.registered_stores.values() if isinstance(store, Store)]
        paths = [path for store in stores for path in store.priorities]
        self.folders = {name_of(number): os.path.abspath(path) for number, path in enumerate(dict.fromkeys(paths))}
        if parts.store_api.staging:
            self.folders['staging'] = next(iter(parts.store_api.staging.priorities))

    def problems(self):
        """What is wrong with the service, a line each."""
        try:
            self.db_api.count_images(RequestContext(is_admin=True))
        except DBError as error:
            return [str(error)]
        return [f'{path} cannot be written' for path in self.folders.values() if not is_writable(path)]

    def name_of(self, image_id):
        """What the image of that id is called, or None."""
        try:
            return self.db_api.image_get(RequestContext(is_admin=True), image_id)['name']
        except (exception.GlanceException, DBError):
            return None

    def first_rows(self, dump):
        """The rows that a first start makes: the definitions that come with the service."""
        scratch = Database('sqlite://')
        namespaces.load(Metadefs(scratch), self.parts.options.metadata_source_path)
        with scratch.reading() as connection:
            made = dump(connection, self.tables)
        scratch.close()
        return made

    def owns(self, folder, name):
        return NAME.fullmatch(name) is not None

    def remove_files(self):
        for path in self.folders.values():
            for entry in os.listdir(path) if os.path.isdir(path) else ():
                if NAME.fullmatch(entry):
                    remove(os.path.join(path, entry))

    def stop_work(self):
        """An import or a copy that goes on finds no image at its end, and removes what it has stored."""

    def resume(self):
        """What was saved half-way is made to wait again."""
        self.parts.recover()

    def clock_moved(self):
        """Nothing here waits by the clock."""


def name_of(number):
    return f'images-{number}' if number else 'images'


def is_writable(path):
    return not os.path.isdir(path) or os.access(path, os.W_OK | os.X_OK)
