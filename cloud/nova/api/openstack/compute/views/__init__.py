"""How things of the database look to clients, a file for each noun.

This folder need not be read to follow a request.
Real: nova 2014.2 nova/api/openstack/compute/views/__init__.py
"""
