"""Where Juno kept its copies of what several projects share.

This folder need not be read to follow a request.
Real: glance 2014.2 glance/openstack/__init__.py, which is empty
"""
