"""glance.db on a relational database: models.py has the tables, api.py what can be asked of them."""
