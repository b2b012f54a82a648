"""Images as nova sees them: glance is the service that has them, s3 knows them by numbers, for EC2's API.

Real: nova 2013-04 (c8067d1b70) nova/image/__init__.py
"""
