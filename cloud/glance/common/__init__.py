"""What every part of the image service uses: its errors, its options, the dispatch over controllers.

This folder need not be read to follow a request.
Real: glance 2014.2 glance/common/__init__.py, which is empty
"""
