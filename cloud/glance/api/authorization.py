"""The authorization layer: whose image it is. The outermost skin, so the first to refuse.

An image belongs to its owner; an admin may do what the owner may. Others who can see it (the database hides the
rest) get it as an ImmutableImageProxy: it can be read and its data downloaded, and every attempt to change it is
Forbidden, down to the last method of its tags, properties and locations. Its owner only an admin changes, and
the data of a deactivated image only an admin gets. Members:

    get      owner, admin, the member itself; for others it is NotFound      add, remove   owner, admin
    list     owner and admin see all, a member itself, others Forbidden      save          the member itself, admin
    Public and community images have no members; by the option members_only_on_shared only shared ones have.

Real: glance 2014.2 glance/api/authorization.py; there some methods that change things are forgotten (discard, |=)
Left out: tasks, metadefs.
"""

import copy
import logging

from cloud.glance.common import exception
from cloud.glance.domain import FOR_ALL, SHAREABLE, proxy

LOG = logging.getLogger(__name__)


def refuse(message, error=exception.Forbidden):
    LOG.debug('authorization refuses: %s', message)
    raise error(message)


def is_owner(context, image):
    """Whether the image is the caller's, or the caller is an admin. An image without an owner is nobody's."""
    return context.is_admin or (image.owner is not None and image.owner == context.owner)


def is_member(context, member_id):
    """Whether that member is the caller, or the caller an admin."""
    return context.is_admin or member_id == context.owner


def authorize(image, context, shareable=SHAREABLE):
    """The image in the skin that the caller gets it in."""
    return (ImageProxy if is_owner(context, image) else ImmutableImageProxy)(image, context, shareable)


def check_shareable(image, shareable):
    """ForbiddenPublicImage unless an image of this visibility may have members."""
    if image.visibility in FOR_ALL:
        name = image.visibility.capitalize()
        refuse(f'{name} images do not have members: everybody can see them.', exception.ForbiddenPublicImage)
    if image.visibility not in shareable:
        refuse('Only shared images have members: set its visibility to shared.', exception.ForbiddenPublicImage)


class ImageFactoryProxy(proxy.ImageFactory):
    def __init__(self, base, context, shareable=SHAREABLE):
        self.context = context
        super().__init__(base, ImageProxy, {'context': context, 'shareable': shareable})

    def new_image(self, **kwargs):
        """The owner is the caller; only an admin may name another one, or none. Forbidden."""
        owner = kwargs.setdefault('owner', self.context.owner)
        if not self.context.is_admin and (owner is None or owner != self.context.owner):
            refuse(f'You are not allowed to create images for {owner or "nobody"}.')
        return super().new_image(**kwargs)


class ImageRepoProxy(proxy.Repo):
    """shareable: the visibilities of images that may have members."""

    def __init__(self, base, context, shareable=SHAREABLE):
        super().__init__(base, authorize, {'context': context, 'shareable': shareable})

    def get(self, image_id):
        image = super().get(image_id)
        kind = 'may not be changed' if isinstance(image, ImmutableImageProxy) else 'may be changed'
        LOG.debug('authorization: image %s %s by this caller', image_id, kind)
        return image

    def save(self, image):
        image.check_mutable()
        return super().save(image)

    def remove(self, image):
        image.check_mutable()
        return super().remove(image)


class ImageProxy(proxy.Image):
    """The image for those who may change it."""

    def __init__(self, base, context, shareable=SHAREABLE):
        super().__init__(base)
        self.context = context
        self.shareable = shareable

    def check_mutable(self):
        pass

    def get_data(self, offset=0, length=None):
        if self.status == 'deactivated' and not self.context.is_admin:
            refuse('The image is deactivated: its data is for admins alone.')
        return super().get_data(offset, length)

    @property
    def owner(self):
        return self.base.owner

    @owner.setter
    def owner(self, value):
        if not self.context.is_admin:
            refuse('Only an admin may give an image to someone else.')
        self.base.owner = value

    def get_member_repo(self):
        check_shareable(self, self.shareable)
        return ImageMemberRepoProxy(super().get_member_repo(), self, self.context)


def _refusing(self, *args, **kwargs):
    refuse('You are not allowed to change this image: it belongs to someone else.')


def immutable(kind, mutators):
    """A subclass of a builtin collection in which the methods of these names refuse."""
    return type(f'Immutable{kind.__name__.title()}', (kind,), dict.fromkeys(mutators.split(), _refusing))


# Copies, so that whatever still gets through changes nothing. All names by which each builtin can be changed:
ImmutableTags = immutable(
    set,
    'add clear difference_update discard intersection_update pop remove symmetric_difference_update update'
    ' __iand__ __ior__ __isub__ __ixor__',
)
ImmutableProperties = immutable(dict, 'clear pop popitem setdefault update __delitem__ __ior__ __setitem__')
ImmutableLocations = immutable(
    list, 'append clear extend insert pop remove reverse sort __delitem__ __iadd__ __imul__ __setitem__'
)


class ImmutableImageProxy(ImageProxy):
    """The image for those who may only look at it."""

    def __init__(self, base, context, shareable=SHAREABLE):
        vars(self).update(
            base=base, context=context, shareable=shareable
        )  # the one way to get past our own __setattr__

    __setattr__ = __delattr__ = _refusing
    check_mutable = delete = set_data = stage_data = start_import = deactivate = reactivate = _refusing

    @property
    def tags(self):
        return ImmutableTags(self.base.tags)

    @property
    def extra_properties(self):
        return ImmutableProperties(self.base.extra_properties)

    @property
    def locations(self):
        return ImmutableLocations(copy.deepcopy(list(self.base.locations)))


class ImageMemberFactoryProxy(proxy.ImageMemberFactory):
    def __init__(self, base, context, shareable=SHAREABLE):
        super().__init__(base)
        self.context = context
        self.shareable = shareable

    def new_image_member(self, image, member_id):
        if not is_owner(self.context, image):
            refuse('You are not allowed to share this image: it belongs to someone else.')
        check_shareable(image, self.shareable)
        return super().new_image_member(image, member_id)


class ImageMemberRepoProxy(proxy.Repo):
    def __init__(self, base, image, context):
        super().__init__(base)
        self.image = image
        self.context = context

    def get(self, member_id):
        if not (is_owner(self.context, self.image) or is_member(self.context, member_id)):
            refuse(f'The image has no member {member_id}.', exception.NotFound)
        return self._authorize(super().get(member_id))

    def list(self, *args, **kwargs):
        members = super().list(*args, **kwargs)
        if not is_owner(self.context, self.image):
            members = [member for member in members if is_member(self.context, member.member_id)]
            if not members:
                refuse('You are not allowed to see the members of this image.')
        return [self._authorize(member) for member in members]

    def _authorize(self, member):
        mutable = is_member(self.context, member.member_id)
        return member if mutable else ImmutableMemberProxy(member)

    def add(self, member):
        self._check_owner()
        return super().add(member)

    def save(self, member):
        if not is_member(self.context, member.member_id):
            refuse('Only the member may accept or reject an image.')
        return super().save(member)

    def remove(self, member):
        self._check_owner()
        return super().remove(getattr(member, 'base', member))

    def _check_owner(self):
        if not is_owner(self.context, self.image):
            refuse('Only the owner of an image may say who its members are.')


class ImmutableMemberProxy:
    """A membership for those who may not answer for the member."""

    def __init__(self, base):
        vars(self).update(base=base)

    def __getattr__(self, name):
        return getattr(vars(self)['base'], name)

    def __setattr__(self, name, value):
        refuse('Only the member may accept or reject an image.')
