"""Random requests by several tenants, in random order: the service answers each one as its model does.

A failure prints the shortest sequence of requests that shows it. To search longer, and elsewhere each time:
STATEFUL_EXAMPLES=2000 python -m pytest tests/cloud/glance/test_stateful.py
"""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from unittest import mock
from urllib.parse import quote, urlencode

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

import server
from cloud.glance.api import parts
from cloud.glance.db.sqlalchemy.api import Database
from tests.cloud.glance.api.conftest import DATA, FORMATS, V2_0, V2_1, Client, as_json, path_of, write_ini
from tests.cloud.glance.model import OPTIONS, Caller, Model, Refused

TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
ADMIN = Caller('admin', 'open-sesame', is_admin=True)
CALLERS = [Caller('demo', 'alice-token'), Caller('other', 'bob-token'), ADMIN]

# -- what random requests are made of

callers = st.sampled_from(CALLERS)
OWNER = None  # whoever owns the image that the request is about
askers = st.sampled_from([OWNER, OWNER, OWNER, *CALLERS])
tenants = st.sampled_from([caller.tenant for caller in CALLERS])
texts = st.sampled_from(['', 'a', 'b', 'ü', '%s', "'", '\U0001f600'])
tags = st.sampled_from(['red', 'blue', 'grün'])
tag_lists = st.lists(tags, max_size=2)
ids = st.sampled_from([f'{digit * 8}-0000-4000-8000-{digit * 12}' for digit in '123'])
base_values = {
    'name': texts,
    'visibility': st.sampled_from(['private', 'public']),
    'protected': st.booleans(),
    'min_disk': st.integers(0, 2),
    'min_ram': st.sampled_from([0, 2**31 - 1]),
    'disk_format': st.sampled_from(['raw', 'qcow2']),
    'container_format': st.sampled_from(['bare', 'ovf']),
    'tags': st.lists(tags, max_size=3),
}
property_values = dict.fromkeys(('os', 'größe', 'a/b~c'), texts)
values = {**base_values, **property_values}
documents = st.builds(
    lambda formats, document: {**formats, **document},
    st.sampled_from([FORMATS, FORMATS, FORMATS, {}]),
    st.fixed_dictionaries({}, optional=values),
)
operations = st.sampled_from(['add', 'replace', 'remove'])
changes = st.lists(st.one_of([st.tuples(operations, st.just(name), values[name]) for name in values]), max_size=3)
# Changes that nobody may ask for, of whatever image.
faults = st.sampled_from([
    (('add', 'status', 'active'), 403),
    (('replace', 'id', 'x'), 403),
    (('replace', 'os_glance_x', 'other'), 403),
    (('add', 'base', 'x'), 403),
    (('add', 'os', 1), 400),
    (('replace', 'min_disk', -1), 400),
    (('test', 'name', 'a'), 400),
])  # fmt: skip
filters = st.one_of(
    st.just({}),
    st.fixed_dictionaries({'tags': st.lists(tags, min_size=1, max_size=2)}),
    *(
        st.fixed_dictionaries({name: values})
        for name, values in {
            'name': texts,
            'os': texts,
            'status': st.sampled_from(['queued', 'active']),
            'protected': st.booleans(),
            'size': st.integers(0, 2),
            'owner': tenants,
        }.items()
    ),
)
data = st.sampled_from([b'', b'1', b'x' * 25, b'y' * OPTIONS['image_size_cap'], b'z' * (OPTIONS['image_size_cap'] + 1)])
beginnings = st.lists(
    st.tuples(
        callers,
        st.fixed_dictionaries({}, optional={'name': texts, 'os': texts, 'größe': texts, 'tags': tag_lists}),
        data,
        tenants,
        st.sampled_from(['pending', 'accepted', 'rejected']),
    ),
    min_size=5,
    max_size=5,
)
member_statuses = st.sampled_from(['pending', 'accepted', 'rejected', 'happy'])
sort_keys = st.sampled_from(['created_at', 'name', 'status', 'size', 'min_disk', 'owner', 'disk_format', 'id'])
queries = st.fixed_dictionaries(
    {'filters': filters, 'sort_key': sort_keys, 'descending': st.booleans()},
    optional={
        'visibility': st.sampled_from(['public', 'private', 'shared']),
        'member_status': st.sampled_from(['pending', 'accepted', 'rejected', 'all']),
    },
)


class ImageService(RuleBasedStateMachine):
    """The service over its paste pipeline, in a folder of its own, and the model of it."""

    images = Bundle('images')
    shares = Bundle('shares')  # (image, tenant) that it was shared with

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.model = Model()
        self.start()

    def start(self):
        def open_database(*arguments):
            self.database = Database(*arguments)
            return self.database

        options = {name: str(value) for name, value in OPTIONS.items()}
        options['user_storage_quota'] += 'B'
        with mock.patch.object(parts, 'Database', open_database):
            self.client = Client(server.load_app(write_ini(self.folder, **options)))

    def ask(self, asker, method, path, told, image, *arguments, **request):
        """Send a request, and compare the answer with what the model says: told(caller, image, *arguments)."""
        caller = self.owner_of(image) if asker is OWNER else asker
        answer = self.send(caller, method, path, **request)
        self.compare(answer, told, caller, image, *arguments)

    def owner_of(self, image):
        """The caller whose image it is; anyone, once it is deleted."""
        owners = {each.id: each.owner for each in self.model.images.values()}
        return next((caller for caller in CALLERS if caller.tenant == owners.get(image)), ADMIN)

    def send(self, caller, method, path, headers=None, **request):
        headers = {'X-Auth-Token': caller.token, **(headers or {})}
        return self.client.request(path, method=method, headers=headers, expect_errors=True, **request)

    def compare(self, answer, told, *arguments, success=200):
        """Without a word from the model the status is 204, unless it refuses."""
        try:
            expected = told(*arguments)
            status = 204 if expected is None else success
        except Refused as refusal:
            expected, status = None, refusal.status
        assert answer.status_int == status, f'not {status}: {answer}'
        if isinstance(expected, bytes):
            assert answer.body == expected
            assert answer.headers['Content-MD5'] == hashlib.md5(expected, usedforsecurity=False).hexdigest()
        elif expected is not None:
            assert without_times(answer.json) == expected

    # -- images

    @initialize(target=images, beginnings=beginnings)
    def begin_with_some_images(self, beginnings):
        """So that from the start there is something to see, and to be hidden."""
        images = []
        for caller, document, data, tenant, status in beginnings:
            image = self.create(caller, {**FORMATS, **document})
            self.upload(caller, image, data)
            self.share(caller, image, tenant)
            self.accept_or_reject(ADMIN, (image, tenant), status)
            images.append(image)
        return multiple(*images)

    @rule(target=images, caller=callers, document=documents)
    def create(self, caller, document):
        answer = self.send(caller, 'POST', '/v2/images', body=as_json(document))
        image = answer.json.get('id', document.get('id'))
        self.compare(answer, self.model.create, caller, document, image, success=201)
        return image if answer.status_int == 201 else multiple()

    @rule(target=images, caller=callers, document=documents, image=ids)
    def create_with_an_id(self, caller, document, image):
        return self.create(caller, {**document, 'id': image})

    @rule(caller=askers, image=images)
    def show(self, caller, image):
        self.ask(caller, 'GET', path_of(image), self.model.show, image)

    @rule(caller=askers, image=images, changes=changes)
    def patch(self, caller, image, changes):
        body = as_json([as_v2_1(change) for change in changes])
        self.ask(caller, 'PATCH', path_of(image), self.model.patch, image, changes, body=body, content_type=V2_1)

    @rule(caller=askers, image=images, changes=changes)
    def patch_in_the_older_dialect(self, caller, image, changes):
        body = as_json([as_v2_0(change) for change in changes])
        told = self.model.patch_in_the_older_dialect
        self.ask(caller, 'PATCH', path_of(image), told, image, changes, body=body, content_type=V2_0)

    @rule(caller=askers, image=images, changes=changes, fault=faults)
    def patch_with_a_fault_behind_the_rest(self, caller, image, changes, fault):
        change, status = fault
        body = as_json([as_v2_1(each) for each in [*changes, change]])
        self.ask(caller, 'PATCH', path_of(image), self.model.refuse, image, status, body=body, content_type=V2_1)

    @rule(target=images, caller=askers, image=consumes(images))
    def delete(self, caller, image):
        self.ask(caller, 'DELETE', path_of(image), self.model.delete, image)
        return image if image in self.model.images else multiple()

    # -- lists

    @rule(query=queries, limit=st.integers(1, 3))
    def list_page_by_page(self, query, limit):
        for caller in CALLERS:
            self.compare_pages(caller, query, limit)

    def compare_pages(self, caller, query, limit):
        left = self.model.list(caller, query)
        path = f'{path_of_list(query)}&limit={limit}'
        while path:
            page = self.send(caller, 'GET', path).json
            assert without_times(page['images']) == left[:limit]
            assert ('next' in page) == (len(page['images']) == limit)
            path, left = page.get('next'), left[limit:]
        assert left == []

    @rule(caller=callers, query=queries, marker=images)
    def list_what_is_behind_an_image(self, caller, query, marker):
        answer = self.send(caller, 'GET', f'{path_of_list(query)}&marker={marker}')
        if answer.status_int == 200:
            assert without_times(answer.json['images']) == self.model.list(caller, query, marker)
        else:
            self.compare(answer, self.model.list, caller, query, marker)

    # -- data

    @rule(caller=askers, image=images, data=data)
    def upload(self, caller, image, data):
        self.ask(caller, 'PUT', f'{path_of(image)}/file', self.model.upload, image, data, body=data, headers=DATA)

    @rule(caller=askers, image=images)
    def download(self, caller, image):
        self.ask(caller, 'GET', f'{path_of(image)}/file', self.model.download, image)

    # -- tags and members

    @rule(caller=askers, image=images, tag=tags)
    def add_tag(self, caller, image, tag):
        self.ask(caller, 'PUT', f'{path_of(image)}/tags/{quote(tag)}', self.model.add_tag, image, tag)

    @rule(caller=askers, image=images, tag=tags)
    def delete_tag(self, caller, image, tag):
        self.ask(caller, 'DELETE', f'{path_of(image)}/tags/{quote(tag)}', self.model.delete_tag, image, tag)

    @rule(target=shares, caller=askers, image=images, tenant=tenants)
    def share(self, caller, image, tenant):
        body = as_json({'member': tenant})
        self.ask(caller, 'POST', f'{path_of(image)}/members', self.model.share, image, tenant, body=body)
        return image, tenant

    @rule(caller=askers, image=images)
    def list_members(self, caller, image):
        self.ask(caller, 'GET', f'{path_of(image)}/members', self.model.list_members, image)

    @rule(caller=askers, share=shares)
    def show_member(self, caller, share):
        self.ask(caller, 'GET', path_of_member(*share), self.model.show_member, *share)

    @rule(caller=callers, share=shares, status=member_statuses)
    def accept_or_reject(self, caller, share, status):
        body = as_json({'status': status})
        self.ask(caller, 'PUT', path_of_member(*share), self.model.accept_or_reject, *share, status, body=body)

    @rule(caller=askers, share=shares)
    def unshare(self, caller, share):
        self.ask(caller, 'DELETE', path_of_member(*share), self.model.unshare, *share)

    # -- and besides

    @invariant()
    def the_store_holds_the_bytes_of_the_active_images_and_nothing_else(self):
        active = {image.id: image.data for image in self.model.images.values() if image.status == 'active'}
        assert {path.name: path.read_bytes() for path in (self.folder / 'images').iterdir()} == active

    def teardown(self):
        """After a restart everything is as it was before."""
        try:
            self.database.close()
            self.start()
            for caller in CALLERS:
                self.compare_pages(caller, {'filters': {}, 'sort_key': 'name', 'descending': True}, limit=3)
                for image in [*self.model.images, *self.model.deleted]:
                    self.show(caller, image)
                    self.list_members(caller, image)
        finally:
            self.database.close()
            shutil.rmtree(self.folder)


def as_v2_1(change):
    operation, name, value = change
    return {'op': operation, 'path': pointer_to(name), **({} if operation == 'remove' else {'value': value})}


def as_v2_0(change):
    operation, name, value = change
    return {operation: pointer_to(name), **({} if operation == 'remove' else {'value': value})}


def path_of_member(image, tenant):
    return f'{path_of(image)}/members/{tenant}'


def pointer_to(name):
    return '/' + name.replace('~', '~0').replace('/', '~1')


def path_of_list(query):
    pairs = [('sort_key', query['sort_key']), ('sort_dir', 'desc' if query['descending'] else 'asc')]
    pairs += [(name, query[name]) for name in ('visibility', 'member_status') if name in query]
    for name, value in query['filters'].items():
        pairs += [('tag', tag) for tag in value] if name == 'tags' else [(name, str(value).lower())]
    return f'/v2/images?{urlencode(pairs)}'


def without_times(document):
    """The document without the times in it, which are plain and in their order."""
    if isinstance(document, list):
        return [without_times(each) for each in document]
    if 'members' in document:
        return {**document, 'members': without_times(document['members'])}
    created, updated = document['created_at'], document['updated_at']
    assert TIME.fullmatch(created)
    assert TIME.fullmatch(updated)
    assert created <= updated
    return {name: value for name, value in document.items() if name not in ('created_at', 'updated_at')}


def test_random_requests_of_several_tenants_are_answered_as_the_model_says():
    examples = os.environ.get('STATEFUL_EXAMPLES')
    run_state_machine_as_test(
        ImageService,
        settings=settings(
            max_examples=int(examples or 45),
            stateful_step_count=30,
            derandomize=not examples,
            database=None,
            deadline=None,
        ),
    )
