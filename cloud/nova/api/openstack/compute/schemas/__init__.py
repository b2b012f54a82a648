"""What bodies and queries may look like, a file for each noun.

This folder need not be read to follow a request.
Real: nova 2014.2 nova/api/openstack/compute/schemas/v3/__init__.py; without the v3 since 2015
"""
