SERVERS = 'glance_api_servers = 127.0.0.1:9292, 127.0.0.1:9293\n'

AS_SHIPPED = (
    'Nova has built an instance, and never asked the Glance on port 9293: name both addresses in glance_api_servers, '
    'in the section [DEFAULT].'
)
MISTAKES = {
    'several attempts at one address': (
        {'my-nova.ini': (SERVERS, '')},
        AS_SHIPPED,
    ),
    'two addresses and one attempt': (
        {'my-nova.ini': ('glance_num_retries = 1', 'glance_num_retries = 0')},
        "Nova asks both Glances, but when one is dead and it is that one's turn, Nova gives up. Let it try once more: "
        'look for "retries" in cloud/nova/nova-api.ini.',
    ),
    'in the section of the application': (
        {
            'my-nova.ini': (
                f'{SERVERS}glance_num_retries = 1\n\n[app:main]\n',
                f'\n[app:main]\n{SERVERS}glance_num_retries = 1\n',
            )
        },
        AS_SHIPPED,
    ),
    'an option that nobody reads': (
        {'my-nova.ini': ('glance_num_retries', 'glance_num_retry')},
        'my-nova.ini: no service reads glance_num_retry, so the line does nothing: did you mean glance_num_retries?',
    ),
    'no comma': (
        {'my-nova.ini': ('9292, 127', '9292 127')},
        'my-nova.ini: ValueError: glance_api_servers = 127.0.0.1:... 127.0.0.1:...: give HOST:PORT, or a URL that '
        'begins with http:// or https://.',
    ),
    'the other one alone': (
        {'my-nova.ini': ('127.0.0.1:9292, ', '')},
        'Nova has built an instance, and never asked the Glance on port 9292: name both addresses in '
        'glance_api_servers, in the section [DEFAULT].',
    ),
}
