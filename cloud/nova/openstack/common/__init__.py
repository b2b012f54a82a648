"""Files and locks.

Real: nova 2013-04 (c8067d1b70) nova/openstack/common/__init__.py; today oslo.utils and oslo.concurrency
"""
