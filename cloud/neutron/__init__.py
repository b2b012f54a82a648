"""Networks, to look at: each project has one, with a subnet and a security group. No packet ever travels there.

This folder need not be read to follow a request. Clients ask here before they ask nova; nova does, too, when a server
is created on a network that is named.
Real: neutron 2014.2 neutron/__init__.py
"""
