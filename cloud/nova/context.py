"""Who asks: what the pipeline found out about the caller, handed on to whatever is done in their name.

Use: RequestContext('alice', 'demo', roles=['member'], auth_token='alice-token')
Real: nova 2013-04 (c8067d1b70) nova/context.py RequestContext
Left out: the service catalog, read_deleted, quota classes, and policies that make admins.
"""


class RequestContext:
    """The caller. user_id, project_id, auth_token, request_id: text or None; roles: texts."""

    def __init__(self, user_id=None, project_id=None, is_admin=False, roles=(), auth_token=None, request_id=None):
        self.user_id = user_id
        self.project_id = project_id
        self.is_admin = is_admin
        self.roles = list(roles)
        self.auth_token = auth_token
        self.request_id = request_id
