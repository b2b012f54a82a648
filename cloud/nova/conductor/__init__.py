"""The conductor: it leads a task through its stations, so that neither the API nor a host waits for another.

This folder need not be read to follow a request.
Real: nova 2014.2 nova/conductor/__init__.py
"""
