"""The registry: a service with a database, which version 1 of the image API asks instead of having its own.

client -> glance-api /v1 -> registry.client -> HTTP -> glance-registry: registry.api -> db

This folder need not be read to follow a request.
Real: glance 2014.2 glance/registry/__init__.py; version 2 never needed it, and with version 1 it went.
"""
