"""Version 2.0 of the API, the only one.

Real: neutron 2014.2 neutron/api/v2/__init__.py
"""
