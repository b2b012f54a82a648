"""Who asks: what the pipeline found out about the caller, handed to every layer of the chain.

Use: RequestContext(user='alice', tenant='demo', roles=['member']); req.context at the edge.
Real: glance 2014.2 glance/context.py RequestContext
Left out: user and project domains, the quota class.
"""


class RequestContext:
    """The caller. Plain data, except that a policy may make an admin of them.

    user, tenant, auth_token, request_id: text or None; roles: an iterable of text, kept lower-cased and stripped;
    service_roles: those of the service that asks on the caller's behalf.
    policy_enforcer: if given, its rule context_is_admin makes admins too.
    """

    def __init__(self, user=None, tenant=None, roles=(), is_admin=False, auth_token=None, read_only=False,
                 owner_is_tenant=True, service_catalog=None, request_id=None, policy_enforcer=None,
                 service_roles=()):  # fmt: skip
        self.user = user
        self.tenant = tenant
        self.roles = [role.strip().lower() for role in roles]
        self.service_roles = [role.strip().lower() for role in service_roles]
        self.auth_token = auth_token
        self.read_only = read_only
        self.owner_is_tenant = owner_is_tenant
        self.service_catalog = service_catalog
        self.request_id = request_id
        self.is_admin = is_admin
        if policy_enforcer is not None and not is_admin:
            self.is_admin = policy_enforcer.check_is_admin(self)

    @property
    def owner(self):
        """Whose the images are that this caller makes: the tenant's, or with owner_is_tenant off the user's."""
        return self.tenant if self.owner_is_tenant else self.user

    @property
    def may_write(self):
        """Whether the caller is more than a reader: 2014.2 knew no such role, and today's identity service has it."""
        return not self.read_only and (self.is_admin or set(self.roles) != {'reader'})

    @property
    def is_service(self):
        """Whether the image service itself asks, on the caller's behalf."""
        return 'service' in self.service_roles

    @property
    def show_deleted(self):
        """Whether deleted images can be seen: by admins."""
        return self.is_admin

    def to_dict(self):
        """The credentials as a dict, without the token: what policy rules may test, and what may be logged."""
        return {
            'user': self.user,
            'tenant': self.tenant,
            'roles': self.roles,
            'is_admin': self.is_admin,
            'read_only': self.read_only,
            'show_deleted': self.show_deleted,
            'request_id': self.request_id,
        }
