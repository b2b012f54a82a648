"""The database through SQLAlchemy."""
