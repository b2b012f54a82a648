"""The part of oslo.db that the services share."""
