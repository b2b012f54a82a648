"""Who may do what: the least role for each action, by the action's real name.

    reader < member < admin: who has one role may do what those below it may

Use: policy.enforce(context, 'os_compute_api:servers:create')  ->  None, or PolicyNotAuthorized
Whose thing it is, is not asked here: compute.api finds for a caller only what the caller's project has.
Real: nova 2014.2 nova/policy.py and etc/nova/policy.json; since 2017 nova/policies/, a file for each noun
Left out: rules in a file, system scope, the manager and service roles.
"""

from cloud.nova import exception

READER, MEMBER, ADMIN = 'reader', 'member', 'admin'
RANKS = {READER: 1, MEMBER: 2, 'manager': 2, ADMIN: 3}

V21 = 'os_compute_api:'
BY_ROLE = {
    READER: """
        servers:index servers:detail servers:show ips:index ips:show
        server-metadata:index server-metadata:show os-server-tags:index os-server-tags:show
        os-instance-actions:list os-instance-actions:show os-keypairs:index os-keypairs:show
        os-keypairs:create os-keypairs:delete
        os-server-groups:index os-server-groups:show limits os-quota-sets:show os-quota-sets:defaults
        os-quota-sets:detail os-availability-zone:list os-flavor-extra-specs:index os-flavor-extra-specs:show
        os-attach-interfaces:list os-attach-interfaces:show os-security-groups:list os-simple-tenant-usage:show
        os-volumes-attachments:index server-topology:index extensions
    """,
    MEMBER: """
        servers:create servers:create:attach_network servers:create:trusted_certs servers:update servers:delete
        servers:start servers:stop servers:reboot servers:resize servers:confirm_resize servers:revert_resize
        servers:rebuild servers:create_image os-pause-server:pause os-pause-server:unpause
        os-suspend-server:suspend os-suspend-server:resume os-lock-server:lock os-lock-server:unlock
        os-shelve:shelve os-shelve:unshelve os-rescue os-unrescue os-console-output os-remote-consoles
        os-admin-password os-deferred-delete:restore os-deferred-delete:force
        server-metadata:create server-metadata:update server-metadata:update_all server-metadata:delete
        os-server-tags:update os-server-tags:update_all os-server-tags:delete os-server-tags:delete_all
        os-server-groups:create os-server-groups:delete
        os-attach-interfaces:create os-attach-interfaces:delete os-create-backup
    """,
    ADMIN: """
        servers:index:get_all_tenants servers:detail:get_all_tenants servers:create:forced_host
        servers:create:requested_destination servers:create:zero_disk_flavor servers:show:host_status
        os-extended-server-attributes os-flavor-manage:create os-flavor-manage:update os-flavor-manage:delete
        os-flavor-extra-specs:create os-flavor-extra-specs:update os-flavor-extra-specs:delete os-flavor-access
        os-flavor-access:add_tenant_access os-flavor-access:remove_tenant_access os-admin-actions:reset_state
        os-admin-actions:inject_network_info os-shelve:shelve_offload os-quota-sets:update os-quota-sets:delete
        os-hypervisors:list os-hypervisors:list-detail os-hypervisors:show os-hypervisors:statistics
        os-hypervisors:uptime os-hypervisors:search os-hypervisors:servers os-services:list os-services:update
        os-services:delete os-availability-zone:detail os-instance-actions:events os-instance-actions:list:details
        os-simple-tenant-usage:list os-migrate-server:migrate os-migrate-server:migrate_live os-evacuate
        os-lock-server:unlock:unlock_override os-aggregates:index os-server-groups:index:all_projects
        os-used-limits os-migrations:index os-server-diagnostics servers:migrations:index
    """,
}
LEAST = {V21 + name: role for role, names in BY_ROLE.items() for name in names.split()}
LEAST['compute:servers:create:requested_destination'] = ADMIN


def may(context, action):
    """Whether the caller's roles are enough for the action."""
    return context.is_admin or rank(context) >= RANKS[LEAST[action]]


def enforce(context, action):
    """PolicyNotAuthorized if they are not."""
    if not may(context, action):
        raise exception.PolicyNotAuthorized(action=action)


def rank(context):
    return max((RANKS.get(role, 0) for role in context.roles), default=0)
