from cloud.nova.context import RequestContext


def test_a_context_says_who_is_calling():
    context = RequestContext('alice', 'demo', True, ('member',), 'token', 'req-1')
    assert vars(context) == {
        'user_id': 'alice', 'project_id': 'demo', 'is_admin': True, 'roles': ['member'], 'auth_token': 'token',
        'request_id': 'req-1',
        'global_request_id': None,
    }  # fmt: skip


def test_a_context_of_nobody():
    context = RequestContext()
    assert (context.user_id, context.auth_token, context.is_admin, context.roles) == (None, None, False, [])
