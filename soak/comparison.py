"""In the end, with the services alive again: what was acknowledged, against what there is."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

from soak.images_v2 import path_of
from soak.ledger import Image, Instance

ADMIN = 'open-sesame'
THREADS = 4
PATIENCE = 60  # seconds for builds under way
PAGE = 100


def compare(world):
    wait_for_builds(world)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda image: compare_image(world, image), world.ledger.all[Image]))
        list(pool.map(lambda instance: compare_instance(world, instance), world.ledger.all[Instance]))
    images, instances = world.ledger.all[Image], world.ledger.all[Instance]
    world.report.say(f'compared: {len(images)} images, {len(instances)} instances')


def is_there(world, thing, answer):
    """Whether there is something to compare further; what may not be so is a finding."""
    is_due = thing.is_created and not thing.may_be_gone()
    if answer.is_done and thing.is_deleted:
        world.report.found('came back', f'{type(thing).__name__} {thing.id}: its deletion was acknowledged')
    elif answer.status == 404 and is_due:
        world.report.found('lost', f'{type(thing).__name__} {thing.id}: acknowledged, and nobody asked to delete it')
    elif not answer.is_done and answer.status != 404:
        world.report.found('cannot be compared', f'{type(thing).__name__} {thing.id}: {answer.status} {answer.body}')
    return answer.is_done and not thing.is_deleted


# -- images


def compare_image(world, image):
    if image.is_deleted and image.fact('protected').acknowledged and not image.was_unprotected:
        text = f'image {image.id}: that it is protected was acknowledged, and that it is deleted'
        world.report.found('deleted though protected', text)
    answer = world.client.ask('end: image', 'glance', 'GET', path_of(image), image.token)
    if is_there(world, image, answer):
        document = answer.json()
        compare_bytes(world, image, document)
        compare_facts(world, image, document)


def compare_bytes(world, image, document):
    status, checksum = document['status'], document.get('checksum')
    if image.digest and (status, checksum) != ('active', image.digest):
        text = f'image {image.id}, acknowledged with {image.digest}, is {status} with {checksum}'
        world.report.found('not as acknowledged', text)
    elif status == 'active':
        compare_data(world, image, checksum)
    elif status not in ('queued', 'killed'):
        world.report.found('half done', f'image {image.id} is {status}')


def compare_data(world, image, checksum):
    answer = world.client.ask('end: bytes', 'glance', 'GET', path_of(image, '/file'), image.token)
    found = hashlib.md5(answer.body, usedforsecurity=False).hexdigest()
    if answer.status not in (200, 204) or found != checksum or found not in image.tried:
        text = f'image {image.id} with {checksum}: {answer.status}, {len(answer.body)} bytes of {found}'
        world.report.found('other bytes', text)


def compare_facts(world, image, document):
    answer = world.client.ask('end: members', 'glance', 'GET', path_of(image, '/members'), image.token)
    members = answer.json()['members'] if answer.is_done else []
    there = {f'tag {tag}' for tag in document['tags']} | {f'member {each["member_id"]}' for each in members}
    for name in {*image.facts, *there}:
        value = name in there if ' ' in name else document.get(name)
        if not image.fact(name).allows(value):
            text = f'image {image.id}: {name} is {value!r}, and not {image.fact(name)}'
            world.report.found('not as acknowledged', text)


# -- instances


def wait_for_builds(world):
    give_up = time.monotonic() + PATIENCE
    while building := [each for each in all_instances(world) if each['status'] == 'BUILD']:
        if time.monotonic() > give_up:
            for each in building:
                world.report.found('in BUILD', f'instance {each["id"]} still, after {PATIENCE} seconds')
            return
        time.sleep(0.5)


def all_instances(world):
    """Of all tenants, those too whose creation nobody heard acknowledged."""
    path = f'/instances?limit={PAGE}&all_tenants=1'
    while path:
        answer = world.client.ask('end: list', 'nova', 'GET', path, ADMIN)
        if not answer.is_done:
            world.report.found('cannot be compared', f'{path}: {answer.status} {answer.body}')
            return
        page = answer.json()
        yield from page['instances']
        links = page.get('instances_links')
        path = '/' + links[0]['href'].split('/', 3)[3] if links else None


def compare_instance(world, instance):
    answer = world.client.ask('end: instance', 'nova', 'GET', f'/instances/{instance.id}', instance.token)
    if not is_there(world, instance, answer):
        return
    shown = answer.json()['instance']
    if shown['status'] not in ('ACTIVE', 'ERROR') or shown['status'] == 'ERROR' and not shown.get('fault'):
        world.report.found('half done', f'instance {shown}')
    if not instance.facts['name'].allows(shown['name']):
        world.report.found('not as acknowledged', f'instance {shown}: named {instance.facts["name"].acknowledged}')
    instance.is_active = shown['status'] == 'ACTIVE'


def compare_disks(world, folder):
    """Each instance that is active has, byte for byte, its image."""
    for instance in world.ledger.all[Instance]:
        disk = folder / instance.id / 'disk'
        if instance.is_active and instance.image and disk.exists():  # that it is there is for the audit to say
            found = hashlib.md5(disk.read_bytes(), usedforsecurity=False).hexdigest()
            if found not in instance.image.tried:
                world.report.found('other bytes', f'{disk} has not the bytes of image {instance.image.id}')
