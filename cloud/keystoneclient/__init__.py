"""The identity service's client library; here, only its middleware.

This folder need not be read to follow a request.
Real: keystoneclient 0.11 keystoneclient/__init__.py
"""
