"""What the services share, at oslo's names.

This folder need not be read to follow a request.
Real: oslo.config 1.4 (2014.2), a library of its own since 2013
"""
