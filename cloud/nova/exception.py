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
    api_message = None  # the words of the compute API, where a lesson's say more
    code = 500

    def __init__(self, message=None, **details):
        self.msg = message or self.message.format(**details)
        self.details = details
        super().__init__(self.msg)

    def said_by_nova(self):
        """What the compute API answers, in the words that the real one has and clients look for."""
        return self.api_message.format(**self.details) if self.api_message and self.details else self.msg


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
    ec2_code = 'InstanceLimitExceeded'


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
    api_message = 'Image {image_id} is not active.'


class ImageUnacceptable(Invalid):
    message = 'Image {image_id} cannot be used: {reason}.'


class ImageDownloadTooSlow(NovaException):
    message = 'Image {image_id} did not arrive within {seconds} seconds: use an image that is stored elsewhere.'


class InvalidImageRef(Invalid):
    message = '{image_href} names no image: send its id, or a URL that ends in it.'


class InvalidEc2Id(Invalid):
    message = '{ec2_id} is not an id of the form ami-00000001.'
    ec2_code = 'InvalidAMIID.Malformed'


class InvalidInstanceIDMalformed(Invalid):
    message = '{ec2_id} is not an id of the form i-00000001.'
    ec2_code = 'InvalidInstanceID.Malformed'


class FlavorNotFound(NotFound):
    message = 'There is no flavor {flavor_id}: take one of {flavors}.'
    api_message = 'Flavor {flavor_id} could not be found.'


class FlavorDiskTooSmall(Invalid):
    message = "The flavor's disk is too small for the image."


class FlavorMemoryTooSmall(Invalid):
    message = "The flavor's memory is too small for the image."


class InstanceNotFound(NotFound):
    message = 'There is no instance {instance_id}.'
    api_message = 'Instance {instance_id} could not be found.'
    ec2_code = 'InvalidInstanceID.NotFound'


class MarkerNotFound(Invalid):
    message = 'There is no {marker} to go on after: send the last id you saw.'
    api_message = 'marker [{marker}] not found'


class InvalidSortKey(Invalid):
    message = 'Instances cannot be sorted by {key}.'


class InvalidInput(Invalid):
    message = 'What was sent cannot be used: {reason}'
    api_message = 'Invalid input received: {reason}'


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


class InstanceElsewhere(Conflict):
    message = 'Instance {instance_uuid} is on {host} already.'


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


class InvalidAPIVersionString(Invalid):
    message = 'API Version String {version} is of invalid format. Must be of format MajorNum.MinorNum.'


class InvalidGlobalAPIVersion(Invalid):
    """wanted, minimum, maximum: versions of the API."""

    message = 'Version {wanted} is not supported by the API. Minimum is {minimum} and maximum is {maximum}.'
    code = 406


class ValidationError(Invalid):
    """What a body or a query has, and its schema does not let it have."""


class FlavorExists(NovaException):
    message = 'Flavor with name {name} already exists.'
    code = 409


class FlavorIdExists(NovaException):
    message = 'Flavor with ID {flavor_id} already exists.'
    code = 409


class FlavorAccessExists(NovaException):
    message = 'Flavor access already exists for flavor {flavor_id} and project {project_id} combination.'
    code = 409


class FlavorAccessNotFound(NotFound):
    message = 'Flavor access not found for {flavor_id} / {project_id} combination.'


class FlavorExtraSpecsNotFound(NotFound):
    message = 'Flavor {flavor_id} has no extra specs with key {extra_specs_key}.'


class KeypairNotFound(NotFound):
    message = 'Keypair {name} not found for user {user_id}'
    ec2_code = 'InvalidKeyPair.NotFound'


class KeyPairExists(NovaException):
    message = "Key pair '{key_name}' already exists."
    code = 409


class InvalidKeypair(Invalid):
    message = 'Keypair data is invalid: {reason}'


class KeypairLimitExceeded(QuotaError):
    message = 'Quota exceeded, too many key pairs.'


class ServerGroupLimitExceeded(QuotaError):
    message = 'Quota exceeded, too many server groups.'


class ServerGroupMembersExceeded(QuotaError):
    message = 'Quota exceeded, too many servers in group'


class InstanceGroupNotFound(NotFound):
    message = 'Instance group {group_uuid} could not be found.'


class InstanceInvalidState(Conflict):
    """attr: what it is about, such as vm_state; state: how that is; method: what was asked for."""

    message = "Cannot '{method}' instance {instance_uuid} while it is in {attr} {state}"


class InstanceNotReady(Conflict):
    message = 'Instance {instance_id} is not ready'


class InstanceIsLocked(Conflict):
    message = 'Instance {instance_uuid} is locked'


class MetadataLimitExceeded(QuotaError):
    message = 'Maximum number of metadata items exceeds {allowed}'


class OnsetFileLimitExceeded(QuotaError):
    message = 'Quota exceeded, too many injected files.'


class MetadataItemNotFound(NotFound):
    message = 'Metadata item was not found'


class InvalidRequest(Invalid):
    message = 'The request is invalid.'


class NetworkNotFound(NotFound):
    message = 'Network {network_id} could not be found.'


class SecurityGroupNotFound(NotFound):
    message = "Unable to find security_group with name or id '{security_group}'"


class CannotResizeToSameFlavor(NovaException):
    message = 'When resizing, instances must change flavor!'


class CannotResizeDisk(NovaException):
    message = 'Server disk was unable to be resized because: {reason}'
