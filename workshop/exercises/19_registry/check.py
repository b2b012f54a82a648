"""A service that needs another one fails with it; who needs nothing of it goes on.

Real: glance 2014.2 glance/api/v1 asks glance/registry for every image, glance/api/v2 asks glance/db itself. The
    registry went with version 1.
"""

from workshop.exercises.seen import of, refusal
from workshop.student import NotYet

CHAPTER = 8
SERVICES = {'registry': 'glance-registry.ini', 'glance': 'glance-api.ini'}
MAY_STOP = ('registry',)
ANSWERS = {
    'answered_by': (
        ('glance', 'glance-api'),
        'In answers.ini, answered_by is {}: was that service still there, and had you asked it? Think again.',
    ),
    'version_2_asks': (
        ('database', 'db'),
        'In answers.ini, version_2_asks is {}: think of what both versions share, and what is not dead.',
    ),
}


def check(student):
    asked = of(student, 'glance', 'GET')
    first = [each for each in asked if each.path.startswith('/v1/images')]
    if not first:
        raise NotYet('Version 1 has not been asked yet: as Alice, GET /v1/images of Glance, before and after the kill.')
    refused = [each for each in first if each.status == 503]
    if not refused:
        raise NotYet(before_the_kill(first[-1]))
    later = [each for each in asked[asked.index(refused[0]) :] if each.path.startswith('/v2/images')]
    if not later:
        raise NotYet('Version 1 says 503, since its registry is dead. And version 2? GET /v2/images.')
    if all(each.status != 200 for each in later):
        raise NotYet(f'Version 2 should have worked, but it answered {refusal(later[-1])}')
    check_answers(student.settings('answers.ini'))


def before_the_kill(last):
    if last.status == 200:
        return 'Version 1 was answered 200: its registry lives. Now kill the registry, and ask again.'
    return f'Version 1 should say 503, but it answered {refusal(last)}'


def check_answers(answers):
    for name, (right, message) in ANSWERS.items():
        answer = answers.get(name, '').lower().removeprefix('the ')
        if not answer:
            raise NotYet(f'The requests are done. Now explain: in answers.ini, {name} has no answer yet.')
        if answer not in right:
            raise NotYet(message.format(answer))
