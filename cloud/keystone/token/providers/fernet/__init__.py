"""Tokens that carry all they mean, encrypted: none is stored.

Real: keystone 2015.1 keystone/token/providers/fernet/__init__.py
"""
