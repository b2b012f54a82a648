"""How the others ask the scheduler.

Use: SchedulerAPI(transport).select_destinations(context, request_spec, filter_properties)
Real: nova 2014.2 nova/scheduler/rpcapi.py SchedulerAPI, nova/scheduler/client/query.py SchedulerQueryClient
"""

from cloud.nova import rpc


class SchedulerAPI:
    def __init__(self, transport):
        self.client = rpc.get_client(transport, rpc.SCHEDULER)

    def select_destinations(self, context, request_spec, filter_properties):
        """[{'host', 'nodename', 'limits'}] for each instance that request_spec asks for; NoValidHost."""
        arguments = {'request_spec': request_spec, 'filter_properties': filter_properties}
        return self.client.call(context, 'select_destinations', **arguments)
