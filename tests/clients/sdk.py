"""What users do with openstacksdk's image proxy, by its documentation."""

import hashlib

from tests.clients.action import Actions
from tests.clients.openstack_image import COLOR, imported, shared, staged, with_association, with_object, with_property
from tests.clients.world import DATA, FORMATS

ACTIONS = action = Actions('openstacksdk', 'openstacksdk')


@action('create_image')
def create(world):
    image = world.sdk().create_image(world.name(), data=DATA, color='blue', tags=['small'], **FORMATS)
    shown = world.show(image.id)
    assert (shown['status'], shown['color'], shown['tags']) == ('active', 'blue', ['small'])


@action('create_image(use_import=True)')
def create_import(world):
    image = world.sdk().create_image(
        world.name(), filename=str(world.disk), use_import=True, wait=True, timeout=60, **FORMATS
    )
    world.becomes(image.id, 'active')
    assert world.data(image.id) == DATA


@action('upload_image')
def upload(world):
    image = world.sdk().upload_image(container_format='bare', disk_format='raw', data=DATA, name=world.name())
    assert world.data(image.id) == DATA


@action('download_image')
def download(world):
    assert world.sdk().download_image(world.active()).content == DATA


@action('download_image(output=...)')
def download_file(world):
    world.sdk().download_image(world.active(), output=str(world.folder / 'sdk'))
    assert (world.folder / 'sdk').read_bytes() == DATA


@action('get_image')
def get(world):
    image = world.sdk().get_image(world.active())
    assert (image.status, image.hash_algo) == ('active', 'sha512')
    assert image.hash_value == hashlib.sha512(DATA).hexdigest()


@action('find_image')
def find(world):
    image = world.image(name='found-by-name')
    assert world.sdk().find_image('found-by-name').id == image


@action('find_image of a hidden image')
def find_hidden(world):
    image = world.image(name='found-though-hidden', os_hidden=True)
    found = world.sdk().find_image('found-though-hidden')
    assert (found.id, found.is_hidden) == (image, True)


@action('images')
def images(world):
    assert world.image() in [image.id for image in world.sdk().images()]


@action('images(sort=...)')
def images_sort(world):
    made = [world.image(name=name, tags=['sdk-sort']) for name in ('b', 'c', 'a')]
    found = [image.id for image in world.sdk().images(tag='sdk-sort', sort='name:desc')]
    assert found == [made[1], made[0], made[2]]


@action('images(name="in:...")')
def images_in(world):
    made = {world.image(name=name) for name in ('sdk-in-a', 'sdk-in-b')}
    assert {image.id for image in world.sdk().images(name='in:sdk-in-a,sdk-in-b')} == made


@action('images(created_at="gt:...")')
def images_after(world):
    world.image()
    assert list(world.sdk().images(created_at='gt:2999-01-01T00:00:00Z')) == []


@action('images(is_hidden=True)')
def images_hidden(world):
    image = world.image(os_hidden=True)
    assert image in [each.id for each in world.sdk().images(is_hidden=True)]


@action('images(visibility="all")')
def images_all(world):
    image = world.image('bob', visibility='community')
    assert image in [each.id for each in world.sdk().images(visibility='all')]


@action('update_image')
def update(world):
    image = world.image(color='blue')
    world.sdk().update_image(image, name='renamed', min_disk=2, is_hidden=True)
    assert world.show(image).items() >= {'name': 'renamed', 'min_disk': 2, 'os_hidden': True}.items()


@action('update_image_properties')
def update_properties(world):
    image = world.image()
    world.sdk().update_image_properties(world.sdk().get_image(image), color='red')
    assert world.show(image)['color'] == 'red'


@action('update_image(owner=...)')
def update_owner(world):
    image = world.image()
    world.sdk('admin').update_image(image, owner_id='other')
    assert world.show(image, 'bob')['owner'] == 'other'


@action('deactivate_image')
def deactivate(world):
    image = world.active()
    world.sdk().deactivate_image(image)
    assert world.status_of('GET', f'/v2/images/{image}/file') == 403


@action('reactivate_image')
def reactivate(world):
    image = world.active()
    world.ask('POST', f'/v2/images/{image}/actions/deactivate')
    world.sdk().reactivate_image(image)
    assert world.data(image) == DATA


@action('delete_image')
def delete(world):
    image = world.active()
    world.sdk().delete_image(image)
    assert world.is_gone(f'/v2/images/{image}')


@action('stage_image')
def stage(world):
    image = world.image()
    world.sdk().stage_image(world.sdk().get_image(image), data=DATA)
    assert world.show(image)['status'] == 'uploading'


@action('import_image(method="glance-direct")')
def import_direct(world):
    image = staged(world)
    world.sdk().import_image(world.sdk().get_image(image), method='glance-direct')
    world.becomes(image, 'active')


@action('import_image(method="web-download")')
def import_download(world):
    image = world.image()
    world.sdk().import_image(world.sdk().get_image(image), method='web-download', uri=world.elsewhere)
    world.becomes(image, 'active')
    assert world.data(image) == DATA


@action('get_import_info')
def import_info(world):
    assert 'glance-direct' in world.sdk().get_import_info().import_methods['value']


@action('stores')
def stores(world):
    assert [store.id for store in world.sdk().stores()] == ['filesystem', 'http']


@action('tasks')
def tasks(world):
    assert imported(world) in [task.id for task in world.sdk().tasks()]


@action('get_task')
def task(world):
    assert world.sdk().get_task(imported(world)).status == 'success'


@action('wait_for_task')
def wait_for_task(world):
    assert world.sdk().wait_for_task(world.sdk().get_task(imported(world)), wait=60).status == 'success'


@action('image_tasks')
def image_tasks(world):
    image = staged(world)
    world.ask('POST', f'/v2/images/{image}/import', {'method': {'name': 'glance-direct'}})
    world.becomes(image, 'active')
    assert [each.image_id for each in world.sdk().image_tasks(image)] == [image]


@action('add_tag')
def add_tag(world):
    image = world.image()
    world.sdk().add_tag(image, 'small')
    assert world.show(image)['tags'] == ['small']


@action('remove_tag')
def remove_tag(world):
    image = world.image(tags=['small'])
    world.sdk().remove_tag(image, 'small')
    assert world.show(image)['tags'] == []


@action('add_member')
def add_member(world):
    image = world.image(visibility='shared')
    world.sdk().add_member(image, member_id='other')
    assert world.show(image, 'bob')['id'] == image


@action('members')
def members(world):
    assert [member.member_id for member in world.sdk().members(shared(world))] == ['other']


@action('find_member')
def find_member(world):
    assert world.sdk().find_member('other', shared(world)).status == 'pending'


@action('update_member')
def update_member(world):
    image = shared(world)
    world.sdk('bob').update_member('other', image, status='accepted')
    assert world.ask('GET', f'/v2/images/{image}/members/other')['status'] == 'accepted'


@action('remove_member')
def remove_member(world):
    image = shared(world)
    world.sdk().remove_member('other', image)
    assert world.is_gone(f'/v2/images/{image}', 'bob')


SCHEMAS = (
    'image', 'images', 'member', 'members', 'task', 'tasks', 'metadef_namespace', 'metadef_namespaces',
    'metadef_object', 'metadef_objects', 'metadef_property', 'metadef_properties', 'metadef_resource_type',
    'metadef_resource_types', 'metadef_tag', 'metadef_tags',
)  # fmt: skip


@action('get_image_schema, get_metadef_namespace_schema, and the others')
def schemas(world):
    for name in SCHEMAS:
        assert getattr(world.sdk(), f'get_{name}_schema')().properties


@action('create_metadef_namespace')
def namespace_create(world):
    name = world.name('Namespace')
    world.sdk('admin').create_metadef_namespace(namespace=name, display_name='Lesson')
    assert world.definition(name)['display_name'] == 'Lesson'


@action('metadef_namespaces')
def namespaces(world):
    assert world.namespace() in [each.namespace for each in world.sdk().metadef_namespaces()]


@action('get_metadef_namespace')
def namespace_get(world):
    name = world.namespace()
    assert world.sdk().get_metadef_namespace(name).namespace == name


@action('update_metadef_namespace')
def namespace_update(world):
    name = world.namespace()
    world.sdk('admin').update_metadef_namespace(name, description='new')
    assert world.definition(name)['description'] == 'new'


@action('add_tag_to_metadef_namespace')
def namespace_tag(world):
    name = world.namespace()
    world.sdk('admin').add_tag_to_metadef_namespace(name, 'a')
    assert world.definition(name, 'tags')['tags'] == [{'name': 'a'}]


@action('remove_tags_from_metadef_namespace')
def namespace_tags_remove(world):
    name = world.namespace(tags=[{'name': 'a'}])
    world.sdk('admin').remove_tags_from_metadef_namespace(name)
    assert world.definition(name, 'tags')['tags'] == []


@action('delete_metadef_namespace')
def namespace_delete(world):
    name = world.namespace()
    world.sdk('admin').delete_metadef_namespace(name)
    assert world.is_gone(f'/v2/metadefs/namespaces/{name}')


@action('create_metadef_object')
def object_create(world):
    name = world.namespace()
    world.sdk('admin').create_metadef_object(name, name='Shape', properties={'color': COLOR})
    assert world.definition(name, 'objects', 'Shape')['properties'] == {'color': COLOR}


@action('metadef_objects')
def objects(world):
    assert [each.name for each in world.sdk().metadef_objects(with_object(world))] == ['Shape']


@action('update_metadef_object')
def object_update(world):
    name = with_object(world)
    world.sdk('admin').update_metadef_object('Shape', name, name='Form')
    assert world.definition(name, 'objects', 'Form')['name'] == 'Form'


@action('delete_metadef_object')
def object_delete(world):
    name = with_object(world)
    world.sdk('admin').delete_metadef_object('Shape', name)
    assert world.definition(name, 'objects')['objects'] == []


@action('create_metadef_property')
def property_create(world):
    name = world.namespace()
    world.sdk('admin').create_metadef_property(name, name='color', **COLOR)
    assert world.definition(name, 'properties', 'color')['title'] == 'Color'


@action('metadef_properties')
def properties(world):
    assert [each.name for each in world.sdk().metadef_properties(with_property(world))] == ['color']


@action('update_metadef_property')
def property_update(world):
    name = with_property(world)
    world.sdk('admin').update_metadef_property('color', name, name='color', title='Paint', type='string')
    assert world.definition(name, 'properties', 'color')['title'] == 'Paint'


@action('delete_metadef_property')
def property_delete(world):
    name = with_property(world)
    world.sdk('admin').delete_metadef_property('color', name)
    assert world.definition(name, 'properties')['properties'] == {}


@action('metadef_resource_types')
def resource_types(world):
    assert 'OS::Glance::Image' in [each.name for each in world.sdk().metadef_resource_types()]


@action('create_metadef_resource_type_association')
def association_create(world):
    name = world.namespace()
    world.sdk('admin').create_metadef_resource_type_association(name, name='OS::Glance::Image', prefix='x_')
    assert world.definition(name, 'resource_types')['resource_type_associations'][0]['prefix'] == 'x_'


@action('metadef_resource_type_associations')
def associations(world):
    found = world.sdk().metadef_resource_type_associations(with_association(world))
    assert [each.name for each in found] == ['OS::Glance::Image']


@action('delete_metadef_resource_type_association')
def association_delete(world):
    name = with_association(world)
    world.sdk('admin').delete_metadef_resource_type_association('OS::Glance::Image', name)
    assert world.definition(name, 'resource_types')['resource_type_associations'] == []
