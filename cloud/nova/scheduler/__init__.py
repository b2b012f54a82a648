"""The scheduler: on which host an instance is to be made.

    select_destinations -> every host that there is -> filters -> those that can -> weights -> the best one

Real: nova 2014.2 nova/scheduler/__init__.py; since 2016, placement (a service of its own) takes over what counts
"""
