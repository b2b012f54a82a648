AS_SHIPPED = 'No request has reached your cloud yet: send a POST to /instances, with the token and a name.'
MISTAKES = {
    'the token forgotten': (
        {'curl.sh': 'curl -d name=demo_one "$URL/instances"\n'},
        'Your last request, POST /instances, was answered 403: '
        'send the header X-Auth-Token with the token open-sesame.',
    ),
    'JSON, without the header that says so': (
        {'curl.sh': """curl -H 'X-Auth-Token: open-sesame' -d '{"name": "demo_one"}' "$URL/instances"\n"""},
        "Your last request, POST /instances, was answered 400 (\"The field 'name' is missing: send name=... as a form, "
        'or {"name": ...} with the header Content-Type: application/json.")',
    ),
    'the name in the address': (
        {'curl.sh': """curl -H 'X-Auth-Token: open-sesame' "$URL/instances?name=demo_one"\n"""},
        'Your last request, GET /instances, only looks: '
        'send a POST, with the name in its body (curl -d name=demo_one).',
    ),
    'another name': (
        {'curl.sh': """curl -H 'X-Auth-Token: open-sesame' -d 'name=demo one' "$URL/instances"\n"""},
        'You have created "demo one": now create one with the name demo_one.',
    ),
}
