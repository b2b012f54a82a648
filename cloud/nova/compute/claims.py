"""A claim: an instance takes its share of a host, or is refused it, before anything of it is made.

Use: Claim(flavor, limits).test(used)
Real: nova 2014.2 nova/compute/claims.py Claim; it is a context manager there, which gives the share back on an error
"""

from cloud.nova import exception

# what a flavor says, what the sums of a host call it, and what the scheduler's limits do
RESOURCES = (
    ('memory_mb', 'ram', 'memory_mb', 'MB'),
    ('root_gb', 'disk', 'disk_gb', 'GB'),
    ('vcpus', 'cores', 'vcpu', 'VCPUs'),
)


class Claim:
    """flavor: what is asked for; limits: {'memory_mb': 1024.0, ...}, without an entry for what has no limit."""

    def __init__(self, flavor, limits):
        self.flavor, self.limits = flavor, limits or {}

    def test(self, used):
        """ComputeResourcesUnavailable if there is too little beside what is used, the sums of all other instances."""
        for name, summed, limited, unit in RESOURCES:
            limit, asked = self.limits.get(limited), self.flavor.get(name) or 0
            if limit is not None and used[summed] + asked > limit:
                reason = f'Free {name} {limit - used[summed]:.0f} {unit} < requested {asked} {unit}'
                raise exception.ComputeResourcesUnavailable(reason=reason)
