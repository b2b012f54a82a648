"""The identity service's client library; here, only its middleware.

Real: keystoneclient 0.11 keystoneclient/__init__.py
"""
