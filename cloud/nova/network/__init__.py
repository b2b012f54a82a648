"""Networks, as far as an instance shows them.

This folder need not be read to follow a request.
Real: nova 2014.2 nova/network/__init__.py
"""
