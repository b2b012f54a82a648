"""The order in a pipeline decides who sees a request that somebody refuses.

Real: nova 2014.2 etc/nova/api-paste.ini: faultwrap and sizelimit stand before authtoken, and are there for strangers,
    too; keystonecontext stands after it, since it needs to know who it is.
"""

from workshop.student import TOKEN, NotYet

CHAPTER = 5
SERVICES = {'ground': 'configure.ini'}
HOW_TO_WRITE = (
    'The names in a pipeline are written with spaces between them, and the application, instance, is the last.'
)
CHOICES = ('yes', 'no', 'before', 'after')
ANSWERS = (  # in answers.ini: what may be written, the right one first; what helps who wrote the other one
    ('before_counts_it', ('yes', 'no'), 'Look again: send a request without a token to the pipeline before'),
    ('after_counts_it', ('no', 'yes'), 'Look again: send a request without a token to the pipeline after'),
    (
        'counter_of_wrong_tokens_stands',
        ('before', 'after'),
        'Think again: who tries a wrong token gets no further than auth',
    ),
    ('slow_filter_stands', ('after', 'before'), 'Think again: what stands before auth works for all who knock'),
)


def check(student):
    refused, let_in = ask(student, 'before')
    if let_in is None:
        raise NotYet(
            'In the pipeline before, no answer has an X-Counter yet: put counter to the left of auth, and save.'
        )
    if refused is None:
        raise NotYet('In the pipeline before, a refused request is not counted: the counter must stand left of auth.')
    refused, let_in = ask(student, 'after')
    if let_in is None:
        raise NotYet(
            'In the pipeline after, no answer has an X-Counter yet: put counter to the right of auth, and save.'
        )
    if refused is not None:
        raise NotYet('In the pipeline after, a refused request is counted: the counter must stand right of auth.')
    check_answers(student.settings('answers.ini'))


def ask(student, pipeline):
    """X-Counter of the answers to a request without a token and to one with it; None where there is none."""
    try:
        app = student.app(name=pipeline)
    except NotYet as error:
        raise NotYet(f'{error} {HOW_TO_WRITE}') from None
    refused, let_in = app.get('/instances'), app.get('/instances', TOKEN)
    if (refused.status_int, let_in.status_int) != (403, 200):
        raise NotYet(
            f'In the pipeline {pipeline}, the list is answered {refused.status_int} without a token and '
            f'{let_in.status_int} with it, instead of 403 and 200: leave auth and instance in their places.'
        )
    return refused.headers.get('X-Counter'), let_in.headers.get('X-Counter')


def check_answers(answers):
    for name, allowed, help_text in ANSWERS:
        found, choice = answers.get(name, '').lower(), ' or '.join(sorted(allowed, key=CHOICES.index))
        if not found:
            raise NotYet(f'Both pipelines are right. Now answer {name} in answers.ini: {choice}.')
        if found not in allowed:
            raise NotYet(f'In answers.ini, {name} is "{found}": write {choice}.')
        if found != allowed[0]:
            raise NotYet(f'In answers.ini, {name} is "{found}". {help_text}.')
