"""What users do with the command `glance`, by its help pages."""

import json

from tests.clients.action import Actions
from tests.clients.openstack_image import imported, shared, staged, with_association, with_object, with_property
from tests.clients.world import DATA
from tests.cloud.glance.clients import read_properties, read_rows

ACTIONS = action = Actions('python-glanceclient', '`glance`')
CREATE = ('image-create', '--disk-format', 'raw', '--container-format', 'bare')


@action('image-create')
def create(world):
    image = read_properties(world.glance(*CREATE, '--name', 'x', '--property', 'color=blue', '--tags', 'a', 'b'))
    assert world.show(image['id']).items() >= {'name': 'x', 'color': 'blue', 'tags': ['a', 'b']}.items()


@action('image-create --file')
def create_file(world):
    image = read_properties(world.glance(*CREATE, '--file', world.disk))
    assert world.data(image['id']) == DATA


@action('image-create --owner')
def create_owner(world):
    assert read_properties(world.glance(*CREATE, '--owner', 'other', as_='admin'))['owner'] == 'other'


@action('image-create --hidden')
def create_hidden(world):
    image = read_properties(world.glance(*CREATE, '--hidden', 'True'))
    assert world.show(image['id'])['os_hidden'] is True


@action('image-create --visibility')
def create_visibility(world):
    image = read_properties(world.glance(*CREATE, '--visibility', 'community'))
    assert world.show(image['id'], 'bob')['visibility'] == 'community'


@action('image-create-via-import --import-method glance-direct')
def create_via_import(world):
    command = ('image-create-via-import', *CREATE[1:], '--import-method', 'glance-direct', '--file', world.disk)
    image = read_properties(world.glance(*command))
    world.becomes(image['id'], 'active')
    assert world.data(image['id']) == DATA


@action('image-create-via-import --import-method web-download')
def create_via_download(world):
    command = ('image-create-via-import', *CREATE[1:], '--import-method', 'web-download', '--uri', world.elsewhere)
    image = read_properties(world.glance(*command))
    world.becomes(image['id'], 'active')


@action('image-upload')
def upload(world):
    image = world.image()
    world.glance('image-upload', '--file', world.disk, image)
    assert world.data(image) == DATA


@action('image-download')
def download(world):
    world.glance('image-download', '--file', world.folder / 'downloaded', world.active())
    assert (world.folder / 'downloaded').read_bytes() == DATA


@action('image-list')
def list_all(world):
    assert world.active() in world.glance('image-list')


@action('image-list --sort')
def list_sort(world):
    made = [world.image(name=name, tags=['glance-sort']) for name in ('b', 'c', 'a')]
    rows = read_rows(world.glance('image-list', '--tag', 'glance-sort', '--sort', 'name:desc,created_at:asc'))
    assert [row['ID'] for row in rows] == [made[1], made[0], made[2]]


@action('image-list --sort-key --sort-key')
def list_sort_keys(world):
    made = [world.image(name=name, tags=['glance-keys']) for name in ('b', 'a')]
    keys = ('--sort-key', 'name', '--sort-key', 'size', '--sort-dir', 'asc')
    rows = read_rows(world.glance('image-list', '--tag', 'glance-keys', *keys))
    assert [row['ID'] for row in rows] == made[::-1]


@action('image-list --hidden')
def list_hidden(world):
    image = world.image(os_hidden=True)
    assert image in world.glance('image-list', '--hidden', 'True')
    assert image not in world.glance('image-list')


@action('image-list --hash')
def list_hash(world):
    image = world.active()
    assert image in world.glance('image-list', '--hash', world.show(image)['os_hash_value'])


@action('image-list --visibility all')
def list_visibility(world):
    image = world.image('bob', visibility='community')
    assert image in world.glance('image-list', '--visibility', 'all')


@action('image-show')
def show(world):
    image = world.active()
    assert read_properties(world.glance('image-show', image))['status'] == 'active'


@action('image-update')
def update(world):
    image = world.image(color='blue')
    options = ('--name', 'renamed', '--min-disk', '2', '--property', 'team=red', '--remove-property', 'color')
    world.glance('image-update', *options, image)
    shown = world.show(image)
    assert (shown['name'], shown['min_disk'], shown['team'], 'color' in shown) == ('renamed', 2, 'red', False)


@action('image-update --hidden')
def update_hidden(world):
    image = world.image()
    world.glance('image-update', '--hidden', 'True', image)
    assert world.show(image)['os_hidden'] is True


@action('image-delete')
def delete(world):
    image = world.active()
    world.glance('image-delete', image)
    assert world.is_gone(f'/v2/images/{image}')


@action('image-deactivate')
def deactivate(world):
    image = world.active()
    world.glance('image-deactivate', image)
    assert world.show(image)['status'] == 'deactivated'


@action('image-reactivate')
def reactivate(world):
    image = world.active()
    world.ask('POST', f'/v2/images/{image}/actions/deactivate')
    world.glance('image-reactivate', image)
    assert world.data(image) == DATA


@action('image-tag-update')
def tag_update(world):
    image = world.image()
    world.glance('image-tag-update', image, 'small')
    assert world.show(image)['tags'] == ['small']


@action('image-tag-delete')
def tag_delete(world):
    image = world.image(tags=['small'])
    world.glance('image-tag-delete', image, 'small')
    assert world.show(image)['tags'] == []


@action('image-stage')
def stage(world):
    image = world.image()
    world.glance('image-stage', '--file', world.disk, image)
    assert world.show(image)['status'] == 'uploading'


@action('image-import --import-method glance-direct')
def import_direct(world):
    image = staged(world)
    world.glance('image-import', '--import-method', 'glance-direct', image)
    world.becomes(image, 'active')


@action('image-import --import-method web-download')
def import_download(world):
    image = world.image()
    world.glance('image-import', '--import-method', 'web-download', '--uri', world.elsewhere, image)
    world.becomes(image, 'active')


@action('image-tasks')
def image_tasks(world):
    image = staged(world)
    world.ask('POST', f'/v2/images/{image}/import', {'method': {'name': 'glance-direct'}})
    world.becomes(image, 'active')
    assert 'success' in world.glance('image-tasks', image)


@action('import-info')
def import_info(world):
    assert 'import-methods' in world.glance('import-info')


@action('stores-info')
def stores_info(world):
    assert 'filesystem' in world.glance('stores-info')


@action('usage')
def usage(world):
    assert 'image_size_total' in world.glance('usage')


@action('task-list')
def task_list(world):
    assert imported(world) in world.glance('task-list')


@action('task-show')
def task_show(world):
    assert 'api_image_import' in world.glance('task-show', imported(world))


@action('explain')
def explain(world):
    assert 'os_hidden' in world.glance('explain', 'image')


@action('member-create')
def member_create(world):
    image = world.image(visibility='shared')
    world.glance('member-create', image, 'other')
    assert world.show(image, 'bob')['id'] == image


@action('member-list')
def member_list(world):
    [row] = read_rows(world.glance('member-list', '--image-id', shared(world)))
    assert (row['Member ID'], row['Status']) == ('other', 'pending')


@action('member-get')
def member_get(world):
    assert 'pending' in world.glance('member-get', shared(world), 'other')


@action('member-update')
def member_update(world):
    image = shared(world)
    world.glance('member-update', image, 'other', 'accepted', as_='bob')
    assert world.ask('GET', f'/v2/images/{image}/members/other')['status'] == 'accepted'


@action('member-delete')
def member_delete(world):
    image = shared(world)
    world.glance('member-delete', image, 'other')
    assert world.is_gone(f'/v2/images/{image}', 'bob')


@action('location-add')
def location_add(world):
    image = world.image()
    world.glance('location-add', '--url', world.elsewhere, image)
    assert world.data(image) == DATA


def located(world):
    image = world.image()
    change = [{'op': 'add', 'path': '/locations/-', 'value': {'url': world.elsewhere, 'metadata': {}}}]
    world.patch(image, change)
    return image


@action('location-delete')
def location_delete(world):
    image = located(world)
    world.glance('location-delete', '--url', world.elsewhere, image)
    assert world.show(image)['locations'] == []


# -- metadata definitions


@action('md-namespace-create')
def namespace_create(world):
    name = world.name('Namespace')
    world.glance('md-namespace-create', '--display-name', 'Lesson', '--visibility', 'public', name, as_='admin')
    assert world.definition(name)['display_name'] == 'Lesson'


@action('md-namespace-import')
def namespace_import(world):
    name = world.name('Namespace')
    (world.folder / 'namespace.json').write_text(json.dumps({'namespace': name, 'tags': [{'name': 'small'}]}))
    world.glance('md-namespace-import', '--file', world.folder / 'namespace.json', as_='admin')
    assert world.definition(name)['tags'] == [{'name': 'small'}]


@action('md-namespace-list')
def namespace_list(world):
    assert world.namespace() in world.glance('md-namespace-list')


@action('md-namespace-show')
def namespace_show(world):
    assert 'Lesson' in world.glance('md-namespace-show', world.namespace(display_name='Lesson'))


@action('md-namespace-update')
def namespace_update(world):
    name = world.namespace()
    world.glance('md-namespace-update', '--description', 'new', name, as_='admin')
    assert world.definition(name)['description'] == 'new'


@action('md-namespace-delete')
def namespace_delete(world):
    name = world.namespace()
    world.glance('md-namespace-delete', name, as_='admin')
    assert world.is_gone(f'/v2/metadefs/namespaces/{name}')


@action('md-object-create')
def object_create(world):
    name = world.namespace()
    schema = '{"properties": {"color": {"title": "Color", "type": "string"}}}'
    world.glance('md-object-create', '--name', 'Shape', '--schema', schema, name, as_='admin')
    assert 'color' in world.definition(name, 'objects', 'Shape')['properties']


@action('md-object-list')
def object_list(world):
    assert 'Shape' in world.glance('md-object-list', with_object(world))


@action('md-object-show')
def object_show(world):
    assert 'Shape' in world.glance('md-object-show', with_object(world), 'Shape')


@action('md-object-property-show')
def object_property_show(world):
    assert 'Color' in world.glance('md-object-property-show', with_object(world), 'Shape', 'color')


@action('md-object-update')
def object_update(world):
    name = with_object(world)
    world.glance('md-object-update', '--name', 'Form', name, 'Shape', as_='admin')
    assert world.definition(name, 'objects', 'Form')['name'] == 'Form'


@action('md-object-delete')
def object_delete(world):
    name = with_object(world)
    world.glance('md-object-delete', name, 'Shape', as_='admin')
    assert world.definition(name, 'objects')['objects'] == []


@action('md-namespace-objects-delete')
def objects_delete(world):
    name = with_object(world)
    world.glance('md-namespace-objects-delete', name, as_='admin')
    assert world.definition(name, 'objects')['objects'] == []


@action('md-property-create')
def property_create(world):
    name = world.namespace()
    options = ('--name', 'color', '--title', 'Color', '--type', 'string', '--schema', '{"enum": ["red"]}')
    world.glance('md-property-create', *options, name, as_='admin')
    assert world.definition(name, 'properties', 'color')['enum'] == ['red']


@action('md-property-list')
def property_list(world):
    assert 'color' in world.glance('md-property-list', with_property(world))


@action('md-property-show')
def property_show(world):
    assert 'Color' in world.glance('md-property-show', with_property(world), 'color')


@action('md-property-update')
def property_update(world):
    name = with_property(world)
    world.glance('md-property-update', '--title', 'Paint', name, 'color', as_='admin')
    assert world.definition(name, 'properties', 'color')['title'] == 'Paint'


@action('md-property-delete')
def property_delete(world):
    name = with_property(world)
    world.glance('md-property-delete', name, 'color', as_='admin')
    assert world.definition(name, 'properties')['properties'] == {}


@action('md-namespace-properties-delete')
def properties_delete(world):
    name = with_property(world)
    world.glance('md-namespace-properties-delete', name, as_='admin')
    assert world.definition(name, 'properties')['properties'] == {}


@action('md-resource-type-list')
def resource_type_list(world):
    assert 'OS::Glance::Image' in world.glance('md-resource-type-list')


@action('md-resource-type-associate')
def associate(world):
    name = world.namespace()
    world.glance('md-resource-type-associate', '--name', 'OS::Glance::Image', '--prefix', 'x_', name, as_='admin')
    assert world.definition(name, 'resource_types')['resource_type_associations'][0]['prefix'] == 'x_'


@action('md-namespace-resource-type-list')
def association_list(world):
    assert 'OS::Glance::Image' in world.glance('md-namespace-resource-type-list', with_association(world))


@action('md-resource-type-deassociate')
def deassociate(world):
    name = with_association(world)
    world.glance('md-resource-type-deassociate', name, 'OS::Glance::Image', as_='admin')
    assert world.definition(name, 'resource_types')['resource_type_associations'] == []


def tags(world, name):
    return [tag['name'] for tag in world.definition(name, 'tags')['tags']]


def with_tag(world):
    return world.namespace(tags=[{'name': 'a'}])


@action('md-tag-create')
def md_tag_create(world):
    name = world.namespace()
    world.glance('md-tag-create', '--name', 'a', name, as_='admin')
    assert tags(world, name) == ['a']


@action('md-tag-create-multiple')
def md_tag_create_multiple(world):
    name = with_tag(world)
    world.glance('md-tag-create-multiple', '--names', 'b,c', name, as_='admin')
    assert tags(world, name) == ['b', 'c']


@action('md-tag-list')
def md_tag_list(world):
    assert 'a' in world.glance('md-tag-list', with_tag(world))


@action('md-tag-show')
def md_tag_show(world):
    assert 'created_at' in world.glance('md-tag-show', with_tag(world), 'a')


@action('md-tag-update')
def md_tag_update(world):
    name = with_tag(world)
    world.glance('md-tag-update', '--name', 'b', name, 'a', as_='admin')
    assert tags(world, name) == ['b']


@action('md-tag-delete')
def md_tag_delete(world):
    name = with_tag(world)
    world.glance('md-tag-delete', name, 'a', as_='admin')
    assert tags(world, name) == []


@action('md-namespace-tags-delete')
def md_tags_delete(world):
    name = with_tag(world)
    world.glance('md-namespace-tags-delete', name, as_='admin')
    assert tags(world, name) == []
