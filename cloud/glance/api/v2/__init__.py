"""The image service's API v2: JSON documents, and data beside them. One file for each noun in its paths.

Real: glance 2014.2 glance/api/v2/__init__.py, which is empty
"""
