"""The conductor: it leads a task through its stations, so that neither the API nor a host waits for another.

Real: nova 2014.2 nova/conductor/__init__.py
"""
