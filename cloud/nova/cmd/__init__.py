"""The commands that start nova's services, each in a process of its own: python -m cloud.nova.cmd.compute INI

(nova-api is server.py with nova's ini; with no transport_url in that, all the others are in the same process.)
This folder need not be read to follow a request.
Real: nova 2014.2 nova/cmd/__init__.py
"""
