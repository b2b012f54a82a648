"""Images as nova sees them: glance.py asks the image service, s3.py gives images numbers for EC2's API.

Real: nova 2013-04 (c8067d1b70) nova/image/__init__.py
"""
