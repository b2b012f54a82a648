"""What can go wrong, by name: a layer raises one of these and knows nothing of HTTP.

The edge (common/wsgi.py) turns each into a status once, looked up along the class's bases, so a class without
a line of its own there answers as its base does. The statuses in the comments below are those of that table.

Use: raise ImageNotFound(f'There is no image {image_id}.'), or ImageNotFound() for the class's own words.
Real: glance 2014.2 glance/common/exception.py
Left out: what only tasks, metadefs, the scrubber and the cache raise.
"""


class GlanceException(Exception):
    """The base. msg: one sentence for the client, with nothing of the service's insides in it."""

    message = 'The image service cannot do this.'

    def __init__(self, message=None):
        self.msg = message or self.message
        super().__init__(self.msg)


class NotFound(GlanceException):  # 404
    message = 'There is no such thing.'


class ImageNotFound(NotFound):
    message = 'There is no such image.'


class Duplicate(GlanceException):  # 409
    message = 'It exists already.'


class Conflict(GlanceException):  # 409: someone else has changed the image's status or locations since
    message = 'The image was changed meanwhile: look at it again.'


class InUseByStore(GlanceException):  # 409
    message = 'The image is in use by its store, and cannot be deleted now.'


class NotAuthenticated(GlanceException):  # 401
    message = 'Say who you are: send a valid X-Auth-Token.'


class Forbidden(GlanceException):  # 403
    message = 'You are not allowed to do this.'


class ForbiddenPublicImage(Forbidden):
    message = 'You are not allowed to do this to a public image.'


class ReadonlyProperty(Forbidden):
    message = 'This property is read-only.'


class ReservedProperty(Forbidden):
    message = 'This property is reserved.'


class ProtectedImageDelete(Forbidden):
    message = 'The image is protected: it cannot be deleted.'


class Invalid(GlanceException, ValueError):  # 400; a ValueError too, as the real domain raises
    message = 'What was sent is not valid.'


class InvalidParameterValue(Invalid):
    message = 'A parameter has a value that it cannot have.'


class InvalidSortKey(Invalid):
    message = 'Images cannot be sorted by this key.'


class InvalidFilterRangeValue(Invalid):
    message = 'A filter has a value that it cannot have.'


class InvalidObject(Invalid):
    message = 'The document does not have the shape that its schema asks for.'


class InvalidImageStatusTransition(Invalid):  # 409 from an upload
    message = 'The image cannot go from its status to this one.'


class BadStoreUri(Invalid):
    message = 'The location is not valid.'


class UnknownScheme(Invalid):
    message = 'No store is in charge of this scheme.'


class DuplicateLocation(Invalid):
    message = 'The image has this location already.'


class LimitExceeded(GlanceException):  # 413
    message = 'This is more than the service allows.'


class ImagePropertyLimitExceeded(LimitExceeded):
    message = 'This is more properties than an image may have.'


class ImageTagLimitExceeded(LimitExceeded):
    message = 'This is more tags than an image may have.'


class ImageMemberLimitExceeded(LimitExceeded):
    message = 'This is more members than an image may have.'


class ImageLocationLimitExceeded(LimitExceeded):
    message = 'This is more locations than an image may have.'


class ImageSizeLimitExceeded(LimitExceeded):
    message = 'This is more bytes than an image may have.'


class StorageQuotaFull(LimitExceeded):
    message = "The data does not fit in what is left of the owner's storage quota."


class StorageFull(LimitExceeded):
    message = 'The store is full.'


class StorageWriteDenied(GlanceException):  # 503
    message = 'The store does not let the service write.'


class RemoteServiceUnavailable(GlanceException):  # 503
    message = "The server behind the image's location cannot be reached."


class ServerError(GlanceException):  # 503
    message = 'The registry failed.'


class ServiceUnavailable(GlanceException):  # 503
    message = 'The registry is not available now.'


class ClientConnectionError(GlanceException):  # 503
    message = 'The registry cannot be reached.'


class RemoteServiceBusy(RemoteServiceUnavailable):
    message = 'Too many images on other servers are being asked for: try again later.'


class StoreAddDisabled(GlanceException):  # 410
    message = 'The store is read-only.'


class StoreAddNotSupported(GlanceException):  # 410
    message = 'The store cannot add data.'


class StoreGetNotSupported(GlanceException):  # 400
    message = 'The store cannot read data back.'


class StoreDeleteNotSupported(GlanceException):  # logged, never answered
    message = 'The store cannot delete data.'


class BadStoreConfiguration(GlanceException, ValueError):  # at start only
    message = 'A store cannot work with its configuration.'
