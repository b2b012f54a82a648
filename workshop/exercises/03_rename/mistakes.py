AS_SHIPPED = 'No request has reached your cloud yet: list the instances first, to learn the id of inst-0.'
MISTAKES = {
    'only listed': (
        {'curl.sh': """curl -H 'X-Auth-Token: open-sesame' "$URL/instances"\n"""},
        'Your last request, GET /instances, only looks: now send a PUT with name=web to the address of inst-0.',
    ),
    'a POST, since -d makes one': (
        {'curl.sh': ('-X PUT ', '')},
        'Your last request, POST /instances/..., was answered 405: to change what is there, send a PUT (curl -X PUT).',
    ),
    'no id in the address': (
        {'curl.sh': ('/instances/$ID', '/instances')},
        'Your last request, PUT /instances, went to all instances: send the PUT to /instances/ID, '
        'with the id of inst-0.',
    ),
    'the name where the id should be': (
        {'curl.sh': ('/instances/$ID', '/instances/inst-0')},
        'Your last request, PUT /instances/inst-0, was answered 404: after /instances/ comes the id of inst-0, '
        'as the list shows it.',
    ),
    'a slash behind the id': (
        {'curl.sh': ('/instances/$ID', '/instances/$ID/')},
        'Your last request, PUT /instances/.../, was answered 404: leave out the / behind the id.',
    ),
    'the last instance rather than the first': (
        {'curl.sh': ('head', 'tail')},
        'You have given inst-2 the name "web": it is inst-0 that should get the name web.',
    ),
}
