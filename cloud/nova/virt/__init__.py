"""How an instance is made on this machine: the driver, and the image handlers, which fetch its disk.

This folder need not be read to follow a request.
Real: nova 2013-04 (c8067d1b70) nova/virt/__init__.py
"""
