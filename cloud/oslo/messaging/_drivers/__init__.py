"""The ways of a message. Real: oslo.messaging 1.4 oslo/messaging/_drivers/__init__.py."""
