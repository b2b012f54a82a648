"""Roles and grants.

Real: keystone 2015.1 keystone/assignment/__init__.py
"""
