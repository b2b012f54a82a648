"""Tokens: made, read again, revoked.

Real: keystone 2015.1 keystone/token/__init__.py
"""
