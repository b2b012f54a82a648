"""Filters that stand in front of a service and know who is calling.

Real: keystoneclient 0.11 keystoneclient/middleware/__init__.py
"""
