"""More free memory is better: instances spread. With a negative ram_weight_multiplier they stack.

Real: nova 2014.2 nova/scheduler/weights/ram.py RAMWeigher
"""


class RAMWeigher:
    """options: nova's."""

    def __init__(self, options):
        self.multiplier = options.ram_weight_multiplier

    def weigh_object(self, host_state, filter_properties):
        return host_state.free_ram_mb
