AS_SHIPPED = 'The answers still come from "waitress": change the line "use" in [server:main], and save.'
MISTAKES = {
    'the name as it is for waitress': (
        {'configure.ini': ('egg:Paste#http', 'egg:Paste#main')},
        "configure.ini: LookupError: Entry point 'main' not found in egg 'Paste'... The line "
        '"use" is written egg:PACKAGE#NAME, as it was for waitress: the task has the package and the name.',
    ),
    'without egg:': (
        {'configure.ini': ('egg:Paste#http', 'Paste#http')},
        'configure.ini: LookupError: ... The line "use" is written egg:PACKAGE#NAME, as it was for waitress: '
        'the task has the package and the name.',
    ),
    'a comment behind the value': (
        {'configure.ini': ('egg:Paste#http', 'egg:Paste#http ; not waitress')},
        "configure.ini: LookupError: Entry point 'http ; not waitress' not found in egg 'Paste'... The line "
        '"use" is written egg:PACKAGE#NAME, as it was for waitress: the task has the package and the name.',
    ),
    'one more section rather than another line': (
        {'configure.ini': ('[server:main]', '[server:main]\nuse = egg:waitress#main\nport = 8080\n\n[server:main]')},
        "configure.ini: DuplicateSectionError: ...section 'server:main' already exists.",
    ),
    "waitress's options with it": (
        {'configure.ini': ('port = 8080', 'port = 8080\nthreads = 8')},
        "The server does not start. configure.ini: TypeError: serve() got an unexpected keyword argument 'threads'. "
        'Each server has options of its own, so leave only "use" and "port" in its section.',
    ),
    'the pipeline changed, too': (
        {'configure.ini': ('pipeline = auth instance', 'pipeline = instance')},
        "The server is Paste's now, but the list is answered 200 with the token and 200 without it, instead of 200 and "
        '403: leave the other sections as they were.',
    ),
}
