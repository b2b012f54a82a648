"""Passwords for one project.

Real: keystone Queens keystone/application_credential/__init__.py
"""
