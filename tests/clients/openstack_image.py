"""What users do with `openstack image`, by its help pages."""

import json

from tests.clients.action import Actions
from tests.clients.world import DATA

ACTIONS = action = Actions('python-openstackclient', '`openstack image`')
CREATE = ('image', 'create', '--disk-format', 'raw', '--container-format', 'bare')


# -- create

CREATED = (
    ('--min-disk 1', ('--min-disk', '1'), {'min_disk': 1}),
    ('--min-ram 64', ('--min-ram', '64'), {'min_ram': 64}),
    ('--protected', ('--protected',), {'protected': True}),
    ('--unprotected', ('--unprotected',), {'protected': False}),
    ('--public', ('--public',), {'visibility': 'public'}),
    ('--private', ('--private',), {'visibility': 'private'}),
    ('--shared', ('--shared',), {'visibility': 'shared'}),
    ('--community', ('--community',), {'visibility': 'community'}),
    ('--property', ('--property', 'color=blue'), {'color': 'blue'}),
    ('--tag', ('--tag', 'small', '--tag', 'blue'), {'tags': ['blue', 'small']}),
    ('--project', ('--project', 'other'), {'owner': 'other'}),
)


@action('image create')
def create(world):
    image = world.openstack('image', 'create', world.name())
    assert (image['status'], image['protected']) == ('queued', False)


@action('image create --file')
def create_file(world):
    image = world.openstack(*CREATE, '--file', world.disk, world.name())
    assert world.show(image['id'])['status'] == 'active'
    assert world.data(image['id']) == DATA


@action('image create --id')
def create_id(world):
    wanted = '00000000-0000-4000-8000-0000000000aa'
    assert world.openstack('image', 'create', '--id', wanted, world.name())['id'] == wanted


@action('image create --import')
def create_import(world):
    image = world.openstack(*CREATE, '--file', world.disk, '--import', world.name())
    world.becomes(image['id'], 'active')
    assert world.data(image['id']) == DATA


def add_created(name, options, expected):
    @action(f'image create {name}')
    def created(world):
        image = world.openstack(*CREATE, *options, world.name(), as_='admin')
        shown = world.show(image['id'], 'admin')
        assert {each: shown[each] for each in expected} == expected


for _row in CREATED:
    add_created(*_row)


# -- list


def ids(world, *options, as_='alice'):
    return [image['ID'] for image in world.openstack('image', 'list', *options, as_=as_)]


@action('image list')
def list_all(world):
    image = world.active()
    assert image in ids(world)


@action('image list --long')
def list_long(world):
    image = world.active()
    [row] = [row for row in world.openstack('image', 'list', '--long') if row['ID'] == image]
    assert (row['Size'], row['Visibility'], row['Project']) == (len(DATA), 'private', 'demo')


@action('image list --name')
def list_name(world):
    image = world.image(name='named')
    assert ids(world, '--name', 'named') == [image]


@action('image list --status')
def list_status(world):
    image, queued = world.active(), world.image()
    found = ids(world, '--status', 'active')
    assert image in found
    assert queued not in found


@action('image list --property')
def list_property(world):
    image = world.image(color='list-property')
    assert ids(world, '--property', 'color=list-property') == [image]


@action('image list --tag')
def list_tag(world):
    image = world.image(tags=['list-tag'])
    assert ids(world, '--tag', 'list-tag') == [image]


@action('image list --limit')
def list_limit(world):
    for _ in range(2):
        world.image()
    assert len(ids(world, '--limit', '1')) == 1


@action('image list --marker')
def list_marker(world):
    first, last = (world.image(tags=['list-marker']) for _ in range(2))
    assert ids(world, '--tag', 'list-marker', '--marker', last) == [first]


@action('image list --sort')
def list_sort(world):
    made = [world.image(name=name, tags=['list-sort']) for name in ('sort-b', 'sort-c', 'sort-a')]
    assert ids(world, '--tag', 'list-sort', '--sort', 'name:desc') == [made[1], made[0], made[2]]


@action('image list --project')
def list_project(world):
    image = world.image('bob')
    found = world.openstack('image', 'list', '--project', 'other', as_='admin')
    assert image in [row['ID'] for row in found]


def add_visibility(visibility, as_):
    @action(f'image list --{visibility}')
    def listed(world):
        image = world.image('admin', visibility=visibility, owner='demo', tags=['by-visibility'])
        hidden = world.image('bob')
        found = ids(world, f'--{visibility}', '--tag', 'by-visibility', as_=as_)
        assert image in found
        assert hidden not in found


for _visibility, _as in (('public', 'bob'), ('private', 'alice'), ('shared', 'alice'), ('community', 'bob')):
    add_visibility(_visibility, _as)


@action('image list --all')
def list_everything(world):
    image = world.image('admin', visibility='community')
    assert image in ids(world, '--all')
    assert image not in ids(world)


@action('image list --hidden')
def list_hidden(world):
    image = world.image(os_hidden=True)
    assert image in ids(world, '--hidden')
    assert image not in ids(world)


@action('image list --member-status')
def list_member_status(world):
    image = shared(world)
    assert image in ids(world, '--shared', '--member-status', 'pending', as_='bob')
    assert image not in ids(world, '--shared', '--member-status', 'accepted', as_='bob')


# -- show, save, delete


@action('image show')
def show(world):
    image = world.active(color='blue')
    shown = world.openstack('image', 'show', image)
    assert (shown['status'], shown['size'], shown['properties']['color']) == ('active', len(DATA), 'blue')


@action('image show NAME')
def show_name(world):
    image = world.active(name='shown-by-name')
    assert world.openstack('image', 'show', 'shown-by-name')['id'] == image


@action('image show NAME of a hidden image')
def show_hidden(world):
    image = world.active(name='hidden-by-name', os_hidden=True)
    assert world.openstack('image', 'show', 'hidden-by-name')['id'] == image


@action('image show --human-readable')
def show_human(world):
    assert world.openstack('image', 'show', '--human-readable', world.active())['size'] == str(len(DATA))


@action('image save --file')
def save(world):
    world.openstack('image', 'save', '--file', world.folder / 'saved', world.active())
    assert (world.folder / 'saved').read_bytes() == DATA


@action('image save')
def save_stdout(world):
    assert world.openstack('image', 'save', world.active()) == DATA.decode()


@action('image delete')
def delete(world):
    images = [world.image(), world.active()]
    world.openstack('image', 'delete', *images)
    assert all(world.is_gone(f'/v2/images/{image}') for image in images)


# -- set, unset

SET = (
    ('--name', ('--name', 'renamed'), {'name': 'renamed'}),
    ('--min-disk', ('--min-disk', '2'), {'min_disk': 2}),
    ('--min-ram', ('--min-ram', '128'), {'min_ram': 128}),
    ('--container-format', ('--container-format', 'ovf'), {'container_format': 'ovf'}),
    ('--disk-format', ('--disk-format', 'qcow2'), {'disk_format': 'qcow2'}),
    ('--protected', ('--protected',), {'protected': True}),
    ('--public', ('--public',), {'visibility': 'public'}),
    ('--private', ('--private',), {'visibility': 'private'}),
    ('--shared', ('--shared',), {'visibility': 'shared'}),
    ('--community', ('--community',), {'visibility': 'community'}),
    ('--property', ('--property', 'color=red'), {'color': 'red'}),
    ('--tag', ('--tag', 'new'), {'tags': ['new', 'old']}),
    ('--architecture', ('--architecture', 'x86_64'), {'architecture': 'x86_64'}),
    ('--os-distro', ('--os-distro', 'debian'), {'os_distro': 'debian'}),
    ('--os-version', ('--os-version', '12'), {'os_version': '12'}),
    ('--kernel-id', ('--kernel-id', '00000000-0000-4000-8000-000000000000'),
     {'kernel_id': '00000000-0000-4000-8000-000000000000'}),
    ('--hidden', ('--hidden',), {'os_hidden': True}),
    ('--project', ('--project', 'other'), {'owner': 'other'}),
)  # fmt: skip


def add_set(name, options, expected):
    @action(f'image set {name}')
    def set_(world):
        image = world.image(tags=['old'], color='blue')
        world.openstack('image', 'set', *options, image, as_='admin')
        shown = world.show(image, 'admin')
        assert {each: shown[each] for each in expected} == expected


for _row in SET:
    add_set(*_row)


@action('image set --unprotected')
def set_unprotected(world):
    image = world.image(protected=True)
    world.openstack('image', 'set', '--unprotected', image)
    assert world.show(image)['protected'] is False


@action('image set --unhidden')
def set_unhidden(world):
    image = world.image(os_hidden=True)
    world.openstack('image', 'set', '--unhidden', image)
    assert world.show(image)['os_hidden'] is False


@action('image set --deactivate')
def set_deactivate(world):
    image = world.active()
    world.openstack('image', 'set', '--deactivate', image)
    assert world.show(image)['status'] == 'deactivated'
    assert world.status_of('GET', f'/v2/images/{image}/file') == 403


@action('image set --activate')
def set_activate(world):
    image = world.active()
    world.ask('POST', f'/v2/images/{image}/actions/deactivate')
    world.openstack('image', 'set', '--activate', image)
    assert world.data(image) == DATA


def shared(world):
    image = world.active(visibility='shared')
    world.ask('POST', f'/v2/images/{image}/members', {'member': 'other'})
    return image


def add_answer(option, status):
    @action(f'image set --{option}')
    def answer(world):
        image = shared(world)
        world.openstack('image', 'set', f'--{option}', '--project', 'other', image, as_='bob')
        assert world.ask('GET', f'/v2/images/{image}/members/other')['status'] == status


for _option, _status in (('accept', 'accepted'), ('reject', 'rejected'), ('pending', 'pending')):
    add_answer(_option, _status)


@action('image unset --tag')
def unset_tag(world):
    image = world.image(tags=['a', 'b'])
    world.openstack('image', 'unset', '--tag', 'a', image)
    assert world.show(image)['tags'] == ['b']


@action('image unset --property')
def unset_property(world):
    image = world.image(color='blue')
    world.openstack('image', 'unset', '--property', 'color', image)
    assert 'color' not in world.show(image)


# -- members


@action('image add project')
def add_project(world):
    image = world.image(visibility='shared')
    world.openstack('image', 'add', 'project', image, 'other')
    assert world.show(image, 'bob')['id'] == image


@action('image remove project')
def remove_project(world):
    image = shared(world)
    world.openstack('image', 'remove', 'project', image, 'other')
    assert world.is_gone(f'/v2/images/{image}', 'bob')


@action('image member list')
def member_list(world):
    [row] = world.openstack('image', 'member', 'list', shared(world))
    assert (row['Member ID'], row['Status']) == ('other', 'pending')


@action('image member get')
def member_get(world):
    assert world.openstack('image', 'member', 'get', shared(world), 'other')['member_id'] == 'other'


# -- import, stores, tasks


@action('image stage --file')
def stage(world):
    image = world.image()
    world.openstack('image', 'stage', '--file', world.disk, image)
    assert world.show(image)['status'] == 'uploading'


def staged(world):
    image = world.image()
    world.ask('PUT', f'/v2/images/{image}/stage', data=DATA)
    return image


@action('image import --method glance-direct')
def import_direct(world):
    image = staged(world)
    world.openstack('image', 'import', '--method', 'glance-direct', image)
    world.becomes(image, 'active')
    assert world.data(image) == DATA


@action('image import --method web-download')
def import_download(world):
    image = world.image()
    world.openstack('image', 'import', '--method', 'web-download', '--uri', world.elsewhere, image)
    world.becomes(image, 'active')
    assert world.data(image) == DATA


@action('image import --wait')
def import_wait(world):
    image = staged(world)
    world.openstack('image', 'import', '--method', 'glance-direct', '--wait', image)
    world.becomes(image, 'active')


@action('image import info')
def import_info(world):
    assert 'web-download' in json.dumps(world.openstack('image', 'import', 'info'))


@action('image stores list')
def stores_list(world):
    assert [row['ID'] for row in world.openstack('image', 'stores', 'list')] == ['filesystem', 'http']


@action('image stores list --detail')
def stores_detail(world):
    assert len(world.openstack('image', 'stores', 'list', '--detail', as_='admin')) == 2


def imported(world):
    """The id of the task of an import."""
    image = staged(world)
    world.ask('POST', f'/v2/images/{image}/import', {'method': {'name': 'glance-direct'}})
    world.becomes(image, 'active')
    return world.ask('GET', f'/v2/images/{image}/tasks')['tasks'][0]['id']


@action('image task list')
def task_list(world):
    task = imported(world)
    assert task in [row['ID'] for row in world.openstack('image', 'task', 'list', as_='admin')]


@action('image task show')
def task_show(world):
    assert world.openstack('image', 'task', 'show', imported(world), as_='admin')['type'] == 'api_image_import'


# -- metadata definitions

METADEF = ('image', 'metadef')
COLOR = {'title': 'Color', 'type': 'string'}


@action('image metadef namespace create')
def namespace_create(world):
    name = world.name('Namespace')
    world.openstack(*METADEF, 'namespace', 'create', '--display-name', 'Lesson', '--public', name, as_='admin')
    assert world.definition(name)['display_name'] == 'Lesson'


@action('image metadef namespace list')
def namespace_list(world):
    name = world.namespace()
    assert name in [row['namespace'] for row in world.openstack(*METADEF, 'namespace', 'list')]


@action('image metadef namespace show')
def namespace_show(world):
    name = world.namespace(display_name='Lesson')
    assert world.openstack(*METADEF, 'namespace', 'show', name)['display_name'] == 'Lesson'


@action('image metadef namespace set')
def namespace_set(world):
    name = world.namespace()
    world.openstack(*METADEF, 'namespace', 'set', '--description', 'new', '--private', name, as_='admin')
    assert world.definition(name)['description'] == 'new'


@action('image metadef namespace set --tag')
def namespace_set_tag(world):
    name = world.namespace()
    world.openstack(*METADEF, 'namespace', 'set', '--tag', 'a', name, as_='admin')
    assert [tag['name'] for tag in world.definition(name, 'tags')['tags']] == ['a']


@action('image metadef namespace unset --tag')
def namespace_unset(world):
    name = world.namespace(tags=[{'name': 'a'}, {'name': 'b'}])
    world.openstack(*METADEF, 'namespace', 'unset', '--tag', 'a', name, as_='admin')
    assert [tag['name'] for tag in world.definition(name, 'tags')['tags']] == ['b']


@action('image metadef namespace delete')
def namespace_delete(world):
    name = world.namespace()
    world.openstack(*METADEF, 'namespace', 'delete', name, as_='admin')
    assert world.is_gone(f'/v2/metadefs/namespaces/{name}')


@action('image metadef object create')
def object_create(world):
    name = world.namespace()
    world.openstack(*METADEF, 'object', 'create', '--namespace', name, 'Shape', as_='admin')
    assert world.definition(name, 'objects', 'Shape')['name'] == 'Shape'


def with_object(world):
    return world.namespace(objects=[{'name': 'Shape', 'properties': {'color': COLOR}}])


@action('image metadef object list')
def object_list(world):
    rows = world.openstack(*METADEF, 'object', 'list', with_object(world))
    assert [row['name'] for row in rows] == ['Shape']


@action('image metadef object show')
def object_show(world):
    assert world.openstack(*METADEF, 'object', 'show', with_object(world), 'Shape')['name'] == 'Shape'


@action('image metadef object update')
def object_update(world):
    name = with_object(world)
    world.openstack(*METADEF, 'object', 'update', name, 'Shape', '--name', 'Form', as_='admin')
    assert world.definition(name, 'objects', 'Form')['name'] == 'Form'


@action('image metadef object property show')
def object_property_show(world):
    shown = world.openstack(*METADEF, 'object', 'property', 'show', with_object(world), 'Shape', 'color')
    assert shown['title'] == 'Color'


@action('image metadef object delete')
def object_delete(world):
    name = with_object(world)
    world.openstack(*METADEF, 'object', 'delete', name, 'Shape', as_='admin')
    assert world.definition(name, 'objects')['objects'] == []


@action('image metadef property create')
def property_create(world):
    name = world.namespace()
    options = ('--name', 'color', '--title', 'Color', '--type', 'string', '--schema', '{"enum": ["red"]}')
    world.openstack(*METADEF, 'property', 'create', *options, name, as_='admin')
    assert world.definition(name, 'properties', 'color')['enum'] == ['red']


def with_property(world):
    return world.namespace(properties={'color': COLOR})


@action('image metadef property list')
def property_list(world):
    rows = world.openstack(*METADEF, 'property', 'list', with_property(world))
    assert [row['name'] for row in rows] == ['color']


@action('image metadef property show')
def property_show(world):
    assert world.openstack(*METADEF, 'property', 'show', with_property(world), 'color')['title'] == 'Color'


@action('image metadef property set')
def property_set(world):
    name = with_property(world)
    world.openstack(*METADEF, 'property', 'set', '--title', 'Paint', name, 'color', as_='admin')
    assert world.definition(name, 'properties', 'color')['title'] == 'Paint'


@action('image metadef property delete')
def property_delete(world):
    name = with_property(world)
    world.openstack(*METADEF, 'property', 'delete', name, 'color', as_='admin')
    assert world.definition(name, 'properties')['properties'] == {}


@action('image metadef resource type list')
def resource_type_list(world):
    rows = world.openstack(*METADEF, 'resource', 'type', 'list')
    assert 'OS::Glance::Image' in [row['Name'] for row in rows]


ASSOCIATION = (*METADEF, 'resource', 'type', 'association')


@action('image metadef resource type association create')
def association_create(world):
    name = world.namespace()
    world.openstack(*ASSOCIATION, 'create', name, 'OS::Glance::Image', as_='admin')
    [found] = world.definition(name, 'resource_types')['resource_type_associations']
    assert found['name'] == 'OS::Glance::Image'


def with_association(world):
    return world.namespace(resource_type_associations=[{'name': 'OS::Glance::Image'}])


@action('image metadef resource type association list')
def association_list(world):
    assert 'OS::Glance::Image' in json.dumps(world.openstack(*ASSOCIATION, 'list', with_association(world)))


@action('image metadef resource type association delete')
def association_delete(world):
    name = with_association(world)
    world.openstack(*ASSOCIATION, 'delete', name, 'OS::Glance::Image', as_='admin')
    assert world.definition(name, 'resource_types')['resource_type_associations'] == []
