"""The registry as glance-api sees it.

This folder need not be read to follow a request.
Real: glance 2014.2 glance/registry/client/__init__.py
"""
