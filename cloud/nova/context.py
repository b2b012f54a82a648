"""Who asks: what the pipeline found out about the caller, handed on to whatever is done in their name.

It travels in messages as a dict, and is then the same again, with the id of the request that all is for.
Use: RequestContext('alice', 'demo', roles=['member'], auth_token='alice-token')
     RequestContext.from_dict(context.to_dict())
Real: nova 2014.2 nova/context.py RequestContext
Left out: the service catalog, read_deleted, quota classes, and policies that make admins.
"""


class RequestContext:
    """The caller. user_id, project_id, auth_token, request_id, global_request_id: text or None; roles: texts.

    global_request_id: what the caller calls the request by, across services (X-Openstack-Request-Id of the other one).
    """

    def __init__(self, user_id=None, project_id=None, is_admin=False, roles=(), auth_token=None, request_id=None,
                 global_request_id=None):  # fmt: skip
        self.user_id = user_id
        self.project_id = project_id
        self.is_admin = is_admin
        self.roles = list(roles)
        self.auth_token = auth_token
        self.request_id = request_id
        self.global_request_id = global_request_id

    def to_dict(self):
        return dict(vars(self))

    @classmethod
    def from_dict(cls, values):
        return cls(**values)
