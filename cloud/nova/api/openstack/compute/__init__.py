"""The controllers of the OpenStack API, a file for each noun of its URLs.

Real: nova 2013-04 (c8067d1b70) nova/api/openstack/compute/__init__.py, whose APIRouter has the routes that are in the
    package above here
"""
