"""What holds for an image whoever asks."""

import pytest

from cloud.glance import domain
from cloud.glance.common import exception

FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}


def new_image(**fields):
    return domain.ImageFactory().new_image(**fields)


def image_in(status, **fields):
    return domain.Image('an-id', status, **{**FORMATS, **fields})


def test_a_new_image_is_queued_and_private_and_has_an_id_of_its_own():
    first, second = new_image(), new_image()
    assert (first.status, first.visibility, first.stored_status) == ('queued', 'private', None)
    assert first.image_id != second.image_id
    assert first.created_at == first.updated_at
    assert first.created_at.tzinfo is None


def test_the_caller_may_choose_the_id():
    assert new_image(image_id='mine').image_id == 'mine'


@pytest.mark.parametrize('name', ['created_at', 'updated_at', 'status', 'checksum', 'size', 'virtual_size'])
def test_read_only_names_are_forbidden_whichever_way_they_come(name):
    with pytest.raises(exception.ReadonlyProperty, match=name):
        new_image(**{name: 'x'})
    with pytest.raises(exception.ReadonlyProperty, match=name):
        new_image(extra_properties={name: 'x'})
    assert issubclass(exception.ReadonlyProperty, exception.Forbidden)


RESERVED = ['owner', 'is_public', 'locations', 'deleted', 'deleted_at', 'direct_url', 'self', 'file', 'schema']


@pytest.mark.parametrize('name', RESERVED)
def test_reserved_names_are_forbidden(name):
    with pytest.raises(exception.ReservedProperty, match=name):
        new_image(extra_properties={name: 'x'})
    assert issubclass(exception.ReservedProperty, exception.Forbidden)


def test_a_name_that_images_do_not_have_is_no_type_error():
    with pytest.raises(exception.InvalidObject, match='colour'):
        new_image(colour='red')


@pytest.mark.parametrize('name', ['min_disk', 'min_ram'])
@pytest.mark.parametrize('value', [-1, 2**31, True, '1', None, 1.5])
def test_sizes_that_machines_must_have_are_whole_numbers_from_0(name, value):
    with pytest.raises(exception.InvalidParameterValue):
        new_image(**{name: value})
    image = new_image()
    with pytest.raises(exception.InvalidParameterValue):
        setattr(image, name, value)


@pytest.mark.parametrize('value', ['hidden', None, ''])
def test_visibility_is_one_of_four(value):
    with pytest.raises(exception.Invalid):
        new_image(visibility=value)


ALLOWED = {
    'queued': {'saving', 'uploading', 'importing', 'active', 'deleted'},
    'saving': {'active', 'killed', 'deleted', 'queued'},
    'uploading': {'queued', 'importing', 'deleted'},
    'importing': {'queued', 'uploading', 'active', 'deleted'},
    'active': {'queued', 'deactivated', 'pending_delete', 'deleted'},
    'deactivated': {'active', 'pending_delete', 'deleted'},
    'killed': {'deleted'},
    'pending_delete': {'deleted'},
    'deleted': set(),
}


@pytest.mark.parametrize('before', ALLOWED)
@pytest.mark.parametrize('after', [*ALLOWED, 'nonsense'])
def test_the_status_changes_along_the_table_and_not_otherwise(before, after):
    image = image_in(before)
    if after in ALLOWED[before]:
        image.status = after
        assert image.status == after
    else:
        with pytest.raises(exception.InvalidImageStatusTransition):
            image.status = after
        assert image.status == before


@pytest.mark.parametrize('missing', ['disk_format', 'container_format'])
@pytest.mark.parametrize('status', ['saving', 'active', 'importing'])
def test_an_image_without_both_formats_cannot_leave_queued_for_data(missing, status):
    image = image_in('queued', **{missing: None})
    with pytest.raises(ValueError, match=missing):
        image.status = status
    assert image.status == 'queued'


def test_going_back_to_queued_clears_the_sizes():
    image = image_in('active', size=3, virtual_size=4)
    image.status = 'queued'
    assert image.size is None
    assert image.virtual_size is None


@pytest.mark.parametrize('name', FORMATS)
def test_formats_change_only_while_queued(name):
    image = image_in('queued')
    setattr(image, name, 'ami')
    assert getattr(image, name) == 'ami'
    for status in ('saving', 'active'):
        with pytest.raises(exception.Forbidden, match=name):
            setattr(image_in(status), name, 'ami')


def test_tags_are_a_set_and_properties_and_locations_are_copies():
    properties, locations = {'a': 'b'}, [{'url': 'x'}]
    image = image_in('active', tags=['a', 'a'], extra_properties=properties, locations=locations)
    image.extra_properties['c'] = 'd'
    image.locations.append({'url': 'y'})
    assert image.tags == {'a'}
    assert (properties, locations) == ({'a': 'b'}, [{'url': 'x'}])


def test_a_protected_image_cannot_be_deleted():
    image = image_in('active', protected=True)
    with pytest.raises(exception.ProtectedImageDelete):
        image.delete()
    assert image.status == 'active'
    assert issubclass(exception.ProtectedImageDelete, exception.Forbidden)


@pytest.mark.parametrize(
    ('delayed', 'locations', 'status'),
    [(False, ['a'], 'deleted'), (True, ['a'], 'pending_delete'), (True, [], 'deleted')],
)
def test_a_deleted_image_waits_for_the_scrubber_only_with_delayed_delete_and_data(delayed, locations, status):
    image = image_in('active', delayed_delete=delayed, locations=[{'url': url} for url in locations])
    image.delete()
    assert image.status == status


def test_the_factory_hands_on_delayed_delete():
    assert domain.ImageFactory(delayed_delete=True).new_image().delayed_delete


def test_data_and_members_are_the_business_of_outer_layers():
    for method in (lambda i: i.get_data(), lambda i: i.set_data(None), lambda i: i.get_member_repo()):
        with pytest.raises(NotImplementedError):
            method(new_image())


def test_a_new_member_is_pending():
    member = domain.ImageMemberFactory().new_image_member(image_in('active'), 'beta')
    assert (member.image_id, member.member_id, member.status, member.id) == ('an-id', 'beta', 'pending', None)


@pytest.mark.parametrize('member_id', ['', ' ', None, 7])
def test_a_member_has_an_id(member_id):
    with pytest.raises(exception.Invalid):
        domain.ImageMemberFactory().new_image_member(image_in('active'), member_id)


def test_a_member_has_one_of_three_statuses():
    member = domain.ImageMembership('an-id', 'beta')
    for status in ('accepted', 'rejected', 'pending'):
        member.status = status
    with pytest.raises(ValueError, match='maybe'):
        member.status = 'maybe'
    assert member.status == 'pending'
