"""Filters in front of the image API: which version is meant, and who is calling.

This folder need not be read to follow a request.
Real: glance 2014.2 glance/api/middleware/__init__.py, which is empty
"""
