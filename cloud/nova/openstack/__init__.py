"""Code that several OpenStack projects shared by copying it; it became the oslo libraries.

This folder need not be read to follow a request.
Real: nova 2013-04 (c8067d1b70) nova/openstack/__init__.py
"""
