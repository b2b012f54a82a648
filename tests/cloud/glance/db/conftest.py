import pytest

from cloud.glance import domain
from cloud.glance.context import RequestContext
from cloud.glance.db import ImageRepo
from cloud.glance.db.sqlalchemy.api import Database


@pytest.fixture
def db_api(tmp_path):
    database = Database(f'sqlite:///{tmp_path}/glance.sqlite')
    yield database
    database.close()


@pytest.fixture
def admin():
    return RequestContext(user='root', tenant='admin', is_admin=True)


@pytest.fixture
def alice():
    return RequestContext(user='alice', tenant='alpha')


@pytest.fixture
def bob():
    return RequestContext(user='bob', tenant='beta')


@pytest.fixture
def repo(alice, db_api):
    return ImageRepo(alice, db_api)


@pytest.fixture
def add(repo):
    """add(name, **fields) stores an image of alpha's with both formats and returns it."""

    def add(name=None, **fields):
        fields = {'owner': 'alpha', 'disk_format': 'raw', 'container_format': 'bare', **fields}
        image = domain.ImageFactory().new_image(name=name, **fields)
        repo.add(image)
        return image

    return add


@pytest.fixture
def create(admin, db_api):
    """create(**values) stores a row and returns it; unless told, it is active and alpha's."""

    def create(**values):
        return db_api.image_create(admin, {'owner': 'alpha', 'status': 'active', **values})

    return create


@pytest.fixture
def share(admin, db_api):
    def share(image, member='beta', status='accepted'):
        return db_api.image_member_create(admin, {'image_id': image['id'], 'member': member, 'status': status})

    return share
