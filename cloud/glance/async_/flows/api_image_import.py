"""An import: an image's bytes come from the staging area, or from another server, while no client waits.

    glance-direct   uploading -> importing -> active      what was staged, which goes then
    web-download    queued    -> importing -> active      what another server has at a URL

The bytes go through the same chain as those of an upload: policy, quota, location. A failed import leaves the image as
it was before, with what was staged, and its task says why. Where the process dies, the next start does the same
(Database.recover, Tasks.recover). A DELETE ends it: the image is looked at every few seconds. Another server has the
limits of API v1's copy-from: store/http.py, store/watch.py.
Each import has a thread of its own, and there is a number of them that may be at once, half of it for one owner; one
more is refused with 503 before anything has changed.
Use: imports = Imports(gateway, tasks); imports.start(context, image_id, 'web-download', 'http://127.0.0.1/x.img')
Real: glance 16.0 (Queens) glance/async/flows/api_image_import.py; there a taskflow engine runs one class for each step,
    as many at once as taskflow_executor.max_workers
Left out: plug-ins that convert or look into what is imported; other methods: glance-download, copy-image.
"""

import contextlib
import logging

from cloud.glance.api.v1.background import Pool
from cloud.glance.common import exception
from cloud.glance.common.utils import WantedReader
from cloud.oslo.db.sqlalchemy.session import DBError

LOG = logging.getLogger(__name__)

DIRECT, DOWNLOAD = 'glance-direct', 'web-download'
METHODS = (DIRECT, DOWNLOAD)


class Imports:
    """The imports of a service. gateway: a Gateway; tasks: the Tasks where they are written down."""

    def __init__(self, gateway, tasks, pool=None):
        self.gateway, self.tasks, self.pool = gateway, tasks, pool or Pool()

    def start(self, context, image_id, method, uri=None):
        """Begin; the task. ServiceUnavailable, Conflict, Forbidden, Invalid, NotFound: then nothing has changed."""
        repo = self.gateway.get_repo(context)
        with self.pool.place(context.owner) as start:
            image = repo.get(image_id)
            image.start_import(uri)
            task = self.tasks.create(context, image_id, describe(image_id, method, uri))
            try:
                repo.save(image)  # of two imports at once, the second one fails here
            except Exception as error:
                self.tasks.end(task['id'], 'failure', reason(error))
                raise
            start(Import(self, context, image_id, task['id'], uri).run)
        return task


class Import:
    """One of them, on its way."""

    def __init__(self, imports, context, image_id, task_id, uri):
        self.repo = imports.gateway.get_repo(context)
        self.store_api, self.tasks = imports.gateway.store_api, imports.tasks
        self.context, self.image_id, self.task_id, self.uri = context, image_id, task_id, uri

    def run(self):
        try:
            self.tasks.begin(self.task_id)
            self.bring_in()
        except Exception as error:
            LOG.info(
                'import: the data of image %s are not imported: %s: %s', self.image_id, type(error).__name__, error
            )
            self.put_back()
            self.end('failure', reason(error))
        else:
            self.end('success', result={'image_id': self.image_id})

    def bring_in(self):
        image = self.find()
        data, size = self.open()
        with contextlib.closing(data):
            image.set_data(WantedReader(data, self.check_wanted), size)
        self.repo.save(image)
        if not self.uri:
            self.store_api.unstage(self.image_id)

    def open(self):
        if self.uri:
            return self.store_api.get_from_backend(self.context, self.uri, background=True)
        return self.store_api.open_staged(self.image_id)

    def find(self):
        """The image, as long as it is this import's."""
        image = self.repo.get(self.image_id)
        if image.status != 'importing':
            raise exception.ImageNotFound(f'Image {self.image_id} is {image.status} by now.')
        return image

    def check_wanted(self):
        with contextlib.suppress(DBError):  # nobody has said no
            self.find()

    def put_back(self):
        """The bytes are deleted already, by the layer that has stored them; what was staged waits on."""
        try:
            image = self.find()
            image.status = 'queued' if self.uri else 'uploading'
            self.repo.save(image)
        except exception.GlanceException as error:
            LOG.info('import: image %s is not put back: %s', self.image_id, error)
        except DBError as error:
            LOG.error('import: image %s stays importing until the next start: %s', self.image_id, error)

    def end(self, status, message='', result=None):
        try:
            self.tasks.end(self.task_id, status, message, result)
        except DBError as error:
            LOG.error('import: task %s stays open until the next start: %s', self.task_id, error)


def describe(image_id, method, uri):
    """What a task says of itself: its input."""
    request = {'method': {'name': method, 'uri': uri} if uri else {'name': method}}
    return {'image_id': image_id, 'import_req': request}


def reason(error):
    """Words for the client: those of an error of ours; of another one, no insides."""
    return error.msg if isinstance(error, exception.GlanceException) else 'The service failed: its log says more.'
