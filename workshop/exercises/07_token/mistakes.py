AS_SHIPPED = 'The token open-sesame still gets in: change it in the section [filter:auth], and save the file.'
MISTAKES = {
    'the filter taken out of the pipeline': (
        {'configure.ini': ('pipeline = auth instance', 'pipeline = instance')},
        'The token open-sesame still gets in: change it in the section [filter:auth], and save the file.',
    ),
    'no token left': (
        {'configure.ini': ('token = lemon-tree', 'token =')},
        'configure.ini: ValueError: the auth filter has no token: add a line "token = ..." to its section.',
    ),
    'a percent sign alone': (
        {'configure.ini': ('token = lemon-tree', 'token = 100%lemon')},
        'configure.ini: a percent sign is written twice in an ini: write %% for each %.',
    ),
    'a comment behind the value': (
        {'configure.ini': ('token = lemon-tree', 'token = lemon-tree ; was open-sesame')},
        'The token is now "lemon-tree ; was open-sesame", all of that line: put the comment on a line of its own.',
    ),
}
