"""The catalog: which services there are, and where.

Use: get_v3_catalog(database, project_id)  ->  [{'type': 'compute', 'name': 'nova', 'endpoints': [...]}, ...]
Real: keystone 2015.1 keystone/catalog/backends/sql.py Catalog
"""

import re

from sqlalchemy import select

from cloud.keystone.common.sql import endpoint, service


def get_v3_catalog(database, project_id=None):
    """The enabled services with their enabled endpoints, as a token has them."""
    with database.reading() as connection:
        services = (
            connection.execute(select(service).where(service.c.enabled).order_by(service.c.type)).mappings().all()
        )
        wanted = select(endpoint).where(endpoint.c.enabled).order_by(endpoint.c.interface, endpoint.c.id)
        endpoints = connection.execute(wanted).mappings().all()
    return [entry(row, [each for each in endpoints if each['service_id'] == row['id']], project_id) for row in services]


def entry(row, endpoints, project_id):
    places = [
        {
            'id': each['id'],
            'interface': each['interface'],
            'region_id': each['region_id'],
            'url': filled(each['url'], project_id),
            'region': each['region_id'],
        }
        for each in endpoints
    ]
    return {'endpoints': places, 'id': row['id'], 'type': row['type'], 'name': row['extra'].get('name', '')}


def filled(url, project_id):
    """The URL with the project's id where it says $(project_id)s or %(tenant_id)s."""
    return re.sub(r'[$%]\((project|tenant)_id\)s', project_id or '', url)
