AS_SHIPPED = 'In the pipeline before, no answer has an X-Counter yet: put counter to the left of auth, and save.'
MISTAKES = {
    'both the same way round': (
        {'configure.ini': ('auth counter instance', 'counter auth instance')},
        'In the pipeline after, a refused request is counted: the counter must stand right of auth.',
    ),
    'exactly the wrong way round': (
        {
            'configure.ini': (
                'counter auth instance\n\n[pipeline:after]\npipeline = auth counter',
                'auth counter instance\n\n[pipeline:after]\npipeline = counter auth',
            )
        },
        'In the pipeline before, a refused request is not counted: the counter must stand left of auth.',
    ),
    'at the end, behind the application': (
        {'configure.ini': ('auth counter instance', 'auth instance counter')},
        "configure.ini: LookupError: No section 'counter' (prefixed by 'app' or ... The names in a pipeline are "
        'written with spaces between them, and the application, instance, is the last.',
    ),
    'with commas': (
        {'configure.ini': ('counter auth instance', 'counter, auth, instance')},
        "configure.ini: LookupError: No section 'counter,' (prefixed by 'filter') ... The names in a pipeline are "
        'written with spaces between them, and the application, instance, is the last.',
    ),
    'in place of auth': (
        {'configure.ini': ('counter auth instance', 'counter instance')},
        'In the pipeline before, the list is answered 200 without a token and 200 with it, instead of 403 and 200: '
        'leave auth and instance in their places.',
    ),
    'one answer left out': (
        {'answers.ini': ('slow_filter_stands = after', 'slow_filter_stands =')},
        'Both pipelines are right. Now answer slow_filter_stands in answers.ini: before or after.',
    ),
    'more than one word': (
        {'answers.ini': ('tokens_stands = before', 'tokens_stands = before auth')},
        'In answers.ini, counter_of_wrong_tokens_stands is "before auth": write before or after.',
    ),
    'expects a count after a refusal': (
        {'answers.ini': ('after_counts_it = no', 'after_counts_it = yes')},
        'In answers.ini, after_counts_it is "yes". Look again: send a request without a token to the pipeline after.',
    ),
    'a counter of wrong tokens that never sees one': (
        {'answers.ini': ('tokens_stands = before', 'tokens_stands = after')},
        'In answers.ini, counter_of_wrong_tokens_stands is "after". Think again: who tries a wrong token '
        'gets no further than auth.',
    ),
}
