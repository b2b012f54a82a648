"""Remote procedure calls. Real: oslo.messaging 1.4 oslo/messaging/rpc/__init__.py."""
