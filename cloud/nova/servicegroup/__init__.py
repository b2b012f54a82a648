"""Which services live.

This folder need not be read to follow a request.
Real: nova 2014.2 nova/servicegroup/__init__.py
"""
