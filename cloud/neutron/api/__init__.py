"""The network service's API, and its versions.

Real: neutron 2014.2 neutron/api/__init__.py
"""
