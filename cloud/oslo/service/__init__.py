"""How a service is started, served and ended. Real: oslo.service."""
