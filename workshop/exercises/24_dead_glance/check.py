"""What goes wrong before the 202 is refused, what goes wrong after it is written on the instance.

Real: nova 2013-04 (c8067d1b70) nova/compute/manager.py ComputeManager._run_instance, nova/compute/utils.py
    add_instance_fault_from_exc; there a glance out of reach is an uncaught 500 for the second boot
"""

from workshop.exercises.seen import fields, of, refusal
from workshop.student import NotYet

CHAPTER = 11
SERVICES = {'registry': 'glance-registry.ini', 'glance': 'glance-api.ini', 'nova': 'slow-nova.ini'}
MAY_STOP = ('glance',)


def check(student):
    boots = of(student, 'nova', 'POST', '/instances')
    if not boots:
        raise NotYet('Nothing has been booted yet: make an image, then POST a name and its id to /instances of Nova.')
    promised = [each for each in boots if each.status == 202]
    if not promised:
        raise NotYet(not_promised(boots[-1]))
    instances = [fields(each.json, 'instance') for each in of(student, 'nova', 'GET')]
    if not any(each.get('fault', {}).get('code') == 503 for each in instances if each.get('status') == 'ERROR'):
        last = fields(promised[-1].json, 'instance')['id']
        raise NotYet(not_in_error([each for each in instances if each.get('id') == last]))
    if not any(each.status == 503 for each in boots[boots.index(promised[0]) :]):
        raise NotYet(
            'The instance is in ERROR, and says why. Now, with Glance dead, boot once more from the same image.'
        )


def not_promised(boot):
    if boot.status == 503:
        return 'Nova answered 503: Glance was dead before you booted. Press r, boot first, and end it then.'
    if boot.status == 201:
        return 'The answer was 201: an instance without an image needs no Glance. Send the field image, too.'
    return f'Nova did not take the order. It answered {refusal(boot)}'


def not_in_error(seen):
    if not seen:
        return 'Nova has taken the order (202). Now GET /instances/ID, until the status is no longer BUILD.'
    if seen[-1]['status'] == 'BUILD':
        return 'When you looked, the instance was still being built: look again, until its status is no longer BUILD.'
    if seen[-1]['status'] == 'ACTIVE':
        return (
            'The instance became ACTIVE: Glance lived too long. Boot again, and kill Glance at once. (Is it dead by '
            'now? r starts it again.)'
        )
    return f'The instance is in ERROR, but not since Glance is dead: {fields(seen[-1], "fault").get("message")}'
