"""Another server and another attempt: with both, one that dies is not noticed.

Real: nova 2013-04 (c8067d1b70) nova/image/glance.py GlanceClientWrapper.call, get_api_servers
"""

from workshop.exercises.seen import boot, check_options, upload
from workshop.student import NotYet

CHAPTER = 9
SERVICES = {
    'registry': 'glance-registry.ini',
    'glance': 'glance-api.ini',
    'glance2': 'glance-api.ini',
    'nova': 'my-nova.ini',
}
MAY_STOP = ('glance', 'glance2')


def check(student):
    with student.cloud() as cloud:
        check_options(cloud, 'nova')
        image_id = upload(cloud, b'bytes')
        instance = boot(cloud, image_id)
        if instance['status'] != 'ACTIVE':
            raise NotYet(f'Even with both Glances alive no instance is built: {fault_of(instance)}')
        check_both_are_asked(cloud)
        cloud.kill('glance')
        try:
            instance = boot(cloud, image_id)
        except NotYet:
            instance = {'status': 'ERROR'}
        if instance['status'] != 'ACTIVE':
            raise NotYet(
                "Nova asks both Glances, but when one is dead and it is that one's turn, Nova gives up. Let it try "
                'once more: look for "retries" in cloud/nova/nova-api.ini.'
            )


def check_both_are_asked(cloud):
    asked = {each.service for each in cloud.exchanges if each.headers.get('user-agent') == 'python-glanceclient'}
    for name, port in ('glance', 9292), ('glance2', 9293):
        if name not in asked:
            raise NotYet(
                f'Nova has built an instance, and never asked the Glance on port {port}: name both addresses in '
                'glance_api_servers, in the section [DEFAULT].'
            )


def fault_of(instance):
    return instance.get('fault', {}).get('message', instance['status'])
