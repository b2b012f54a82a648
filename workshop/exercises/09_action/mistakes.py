AS_SHIPPED = (
    'POST /instances/ID/action with {"os-stop": null} is answered 404: this path has no row in the table of your '
    'router yet.'
)
MISTAKES = {
    'a dict as the answer': (
        {'actions.py': ('return Response(status=202)', "return {'instance': instance}")},
        'POST /instances/ID/action with {"os-stop": null} is answered 200: answer 202, accepted.',
    ),
    'no return': (
        {'actions.py': ('        return Response(status=202)\n', '')},
        'POST /instances/ID/action with {"os-stop": null} is answered 204: answer 202, accepted.',
    ),
    'an action that nobody knows': (
        {'actions.py': ('len(names) != 1 or names[0] not in STATUSES', 'len(names) != 1')},
        "POST /instances/.../action fails: actions.py, line ...: KeyError: 'dance'.",
    ),
    'the first of two actions': (
        {'actions.py': ('len(names) != 1 or', 'not names or')},
        'POST /instances/ID/action with two actions at once is answered 202: answer 400.',
    ),
    'a list with the name of an action': (
        {'actions.py': ('wsgi.read_fields(req)', 'req.json')},
        'POST /instances/ID/action with the list ["os-stop"] is answered 202: answer 400.',
    ),
    'without find': (
        {'actions.py': ('self.find(instance_id)', 'self.instances[instance_id]')},
        "POST /instances/no-such-id/action fails: actions.py, line ...: KeyError: 'no-such-id'.",
    ),
    'changed before it is looked at': (
        {
            'actions.py': (
                '        if len(names) != 1',
                "        instance['status'] = STATUSES.get(names[0] if names else '', 'SHUTOFF')\n"
                '        if len(names) != 1',
            )
        },
        'POST /instances/ID/action with {"dance": null} is refused, and yet changes the '
        'status: look first, then change.',
    ),
    'the table not continued': (
        {'actions.py': ('        *routers.Router.routes,\n', '')},
        'GET /instances is answered 404 now: keep the routes that were there.',
    ),
    'the method has another name': (
        {'actions.py': ('def act(', 'def action(')},
        "POST /instances/.../action fails: ...AttributeError: 'Controller' object has no attribute 'act'.",
    ),
    'no variable of the path': (
        {'actions.py': ('def act(self, req, instance_id):', 'def act(self, req):')},
        'POST /instances/.../action fails: ...TypeError: ...act() got an unexpected keyword argument...',
    ),
}
