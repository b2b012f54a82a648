"""The identity service's client library; here, only its middleware."""
