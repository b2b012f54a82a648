"""The ways into nova: OpenStack's (openstack) and EC2's (ec2).

Real: nova 2013-04 (c8067d1b70) nova/api/__init__.py
"""
