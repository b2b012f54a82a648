"""What a request passes before it reaches a controller.

Real: keystone 2014.2 keystone/middleware/__init__.py
"""
