"""The part of oslo.db that the services share. Real: oslo.db 1.0 oslo/db/sqlalchemy/__init__.py."""
