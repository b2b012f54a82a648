"""Image handlers: the ways in which an image becomes a file of an instance, and the order in which they are tried.

    for handler, location, image_meta in image_handlers.handle_image(context, image_id, target_path=path):
        handler.fetch_image(context, image_id, image_meta, path, location=location)

The generator goes on to the next handler until one says that it has done it. A handler of your own is a class like
those of download.py and file.py, an entry point of the namespace nova.virt.image.handlers, named in image_handlers.

Use: image_handlers = load_image_handlers(driver, options, image_service), in the driver's constructor
Real: nova 9e8513e6fe (2014-03-05) nova/virt/imagehandler/__init__.py: a design that did not ship. It was taken back
    a week later, since get_locations needs API v2 of glance. The handlers and the table of who wrote which file
    are globals there; schemes that are one text match each of its parts; and show is asked for a URL as it is, which
    finds nothing.
"""

import logging
from urllib.parse import urlsplit

from stevedore.driver import DriverManager
from stevedore.exception import NoMatches

from cloud.nova import exception
from cloud.nova.image import glance

LOG = logging.getLogger(__name__)
NAMESPACE = 'nova.virt.image.handlers'


class ImageHandlers:
    """The handlers in the order of the ini's image_handlers, and a table of which of them wrote which file."""

    def __init__(self, options, image_service):
        self.options = options
        self.image_service = image_service
        self.handlers = []
        self.associations = {}  # path: (handler, location, image_meta)

    def load_image_handlers(self, driver):
        """Make one of each handler for the driver. Handlers that were made before are forgotten.

        A name that comes twice, that no entry point has, or whose handler cannot be made is skipped with a warning.
        """
        self.handlers, self.associations = [], {}
        seen = set()
        for name in (name.strip() for name in self.options.image_handlers):
            if name in seen:
                LOG.warning('image_handlers names %s twice: once is enough', name)
            elif name:
                seen.add(name)
                self._load(name, driver)

    def _load(self, name, driver):
        arguments = {'driver': driver, 'associate_fn': self._associate, 'disassociate_fn': self._disassociate}
        try:
            manager = DriverManager(
                NAMESPACE, name, invoke_on_load=True, invoke_kwds=arguments, on_missing_entrypoints_callback=None
            )
        except NoMatches:
            LOG.warning('image_handlers names %s, and no entry point of %s is called so', name, NAMESPACE)
        except Exception as error:
            LOG.warning('the image handler %s cannot be used: %s', name, error)
        else:
            self.handlers.append(manager.driver)

    def _associate(self, handler, path, location, image_meta):
        self.associations[path] = (handler, location, image_meta)

    def _disassociate(self, handler, path):
        self.associations.pop(path, None)

    def handle_image(self, context=None, image_id=None, user_id=None, project_id=None, target_path=None):
        """Yield (handler, location, image_meta) until the operation that the caller does with the handler is done.

        1. the handler that wrote target_path
        2. with a context and an image_id (or a URL that ends in one): each handler with each location it can use,
           and that includes handlers that need none
        3. handlers that need no location, with None

        image_meta is None where glance was not asked. NoImageHandlerAvailable when none has done it; ImageNotFound and
        the like as image_service raises them.
        """
        target_path = target_path and target_path.strip()
        associated = self.associations.get(target_path)
        if associated and (yield from offer(*associated)):
            return
        image_meta, locations = None, []
        if self.handlers and context and image_id:
            image_meta, locations = self._ask_glance(context, image_id)
        for handler, location in self._candidates(locations):
            if (yield from offer(handler, location, image_meta)):
                return
        LOG.error('image %s, %s: no image handler can handle it', image_id, target_path)
        raise exception.NoImageHandlerAvailable(image_id=image_id)

    def _ask_glance(self, context, image_href):
        image_service, image_id = glance.get_remote_image_service(context, image_href, self.image_service)
        return image_service.show(context, image_id), image_service.get_locations(context, image_id)

    def _candidates(self, locations):
        """(handler, location) in the order in which they are tried."""
        for handler in self.handlers:
            for location in match_locations(locations, handler.get_schemes()):
                yield handler, location
        for handler in self.handlers:
            if takes_any(handler.get_schemes()):
                yield handler, None


def offer(handler, location, image_meta):
    """Generator: yield the three, and return whether the handler has done what it was then asked to do."""
    handler.last_ops_handled()  # forget what this thread did with it before
    yield handler, location, image_meta
    return handler.last_ops_handled()


def match_locations(locations, schemes):
    """Those of the locations ({'url': ...}) whose scheme is one of schemes; () takes all, None takes none."""
    if takes_any(schemes):
        return locations
    schemes = (schemes,) if isinstance(schemes, str) else schemes or ()
    return [location for location in locations if scheme_of(location['url']) in schemes]


def takes_any(schemes):
    return schemes is not None and len(schemes) == 0


def scheme_of(url):
    try:
        return urlsplit(url).scheme
    except ValueError:
        return None


def load_image_handlers(driver, options, image_service):
    """For a driver's constructor: an ImageHandlers with its handlers loaded."""
    image_handlers = ImageHandlers(options, image_service)
    image_handlers.load_image_handlers(driver)
    return image_handlers
