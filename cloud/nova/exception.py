"""What can go wrong, by name: whoever raises one of these knows nothing of HTTP.

`code` is the status an API answers with (and the one in an instance's fault); what `ec2_code` names, if anything,
is how EC2's API says it.

Use: raise ImageNotFound(image_id=image_id), or NovaException('in words of your own')
Real: nova 2013-04 (c8067d1b70) nova/exception.py; FlavorDiskTooSmall and FlavorMemoryTooSmall are
    InstanceTypeDiskTooSmall and InstanceTypeMemoryTooSmall there; NoImageHandlerAvailable from nova 9e8513e6fe
    (2014-03-05); BuildCancelled and ImageDownloadTooSlow are our own
Left out: what only networks, volumes and hypervisors raise.
"""


class NovaException(Exception):
    """The base. message: a sentence for the client, with room for what the keywords say."""

    message = 'Compute cannot do this.'
    code = 500

    def __init__(self, message=None, **details):
        self.msg = message or self.message.format(**details)
        super().__init__(self.msg)


class Invalid(NovaException):
    message = 'What was sent is not valid.'
    code = 400


class NotAuthorized(NovaException):
    message = 'You are not allowed to do this.'
    code = 403


class PolicyNotAuthorized(NotAuthorized):
    message = "Policy doesn't allow {action} to be performed."


class QuotaError(NotAuthorized):
    """overs: what is over its quota; resource: of what there are `used` already, and may be `allowed`."""

    message = 'Quota exceeded for {overs}: Requested {req}, but already used {used} of {allowed} {resource}'


class TooManyInstances(QuotaError):
    pass


class NotFound(NovaException):
    message = 'There is no such thing.'
    code = 404


class ImageNotFound(NotFound):
    message = 'There is no image {image_id}.'
    ec2_code = 'InvalidAMIID.NotFound'


class ImageNotAuthorized(NotAuthorized):
    message = 'The image service does not let you use image {image_id}.'


class ImageNotActive(Invalid):
    message = 'Image {image_id} is not active: its data is not there yet, or not any more.'


class ImageUnacceptable(Invalid):
    message = 'Image {image_id} cannot be used: {reason}.'


class ImageDownloadTooSlow(NovaException):
    message = 'Image {image_id} did not arrive within {seconds} seconds: use an image that is stored elsewhere.'


class InvalidImageRef(Invalid):
    message = '{image_href} names no image: send its id, or a URL that ends in it.'


class InvalidEc2Id(Invalid):
    message = '{ec2_id} is not an id of the form ami-00000001.'
    ec2_code = 'InvalidAMIID.Malformed'


class FlavorNotFound(NotFound):
    message = 'There is no flavor {flavor_id}: take one of {flavors}.'


class FlavorDiskTooSmall(Invalid):
    message = "The flavor's disk is too small for the image."


class FlavorMemoryTooSmall(Invalid):
    message = "The flavor's memory is too small for the image."


class InstanceNotFound(NotFound):
    message = 'There is no instance {instance_id}.'
    ec2_code = 'InvalidInstanceID.NotFound'


class MarkerNotFound(Invalid):
    message = 'There is no {marker} to go on after: send the last id you saw.'


class InvalidSortKey(Invalid):
    message = 'Instances cannot be sorted by {key}.'


class InvalidInput(Invalid):
    message = 'What was sent cannot be used: {reason}'


class ServiceNotFound(NotFound):
    message = 'There is no service {host}.'


class ComputeHostNotFound(NotFound):
    message = 'There is no compute host {host}.'


class Conflict(NovaException):
    message = 'That does not fit to what it is now.'
    code = 409


class UnexpectedVMStateError(Conflict):
    message = 'Instance {instance_uuid} is in vm_state {actual}, not in one of {expected}.'


class UnexpectedTaskStateError(Conflict):
    message = 'Instance {instance_uuid} is in task_state {actual}, not in one of {expected}.'


class UnexpectedDeletingTaskStateError(UnexpectedTaskStateError):
    """It is being deleted: whatever was done with it is given up."""


class NoValidHost(NovaException):
    """details: which filter left how many hosts."""

    message = 'No valid host was found. {reason}'

    def __init__(self, message=None, details=None, **named):
        super().__init__(message, **named)
        self.details = details


class ComputeResourcesUnavailable(NovaException):
    message = 'Insufficient compute resources: {reason}.'


class RescheduledException(NovaException):
    """The host does not take the instance: another one may."""

    message = 'Build of instance {instance_uuid} was re-scheduled: {reason}'


class BuildCancelled(NovaException):
    """Whoever does the work stops it, and tells nobody: the instance is deleted."""

    message = 'The instance was deleted while it was built.'


class NoImageHandlerAvailable(NovaException):
    message = 'No image handler can handle image {image_id}: the log says which were tried.'


class GlanceConnectionFailed(NovaException):
    """servers: the addresses that were tried."""

    message = 'The image service cannot be reached: tried {servers}.'
    code = 503
    ec2_code = 'Unavailable'


class ImageDownloadFailed(NovaException):
    """A transfer module cannot bring the image; logged only, since another way is tried then."""

    message = 'The image cannot be copied from {location}: {reason}.'
