import pytest

from cloud.glance.common import exception


@pytest.mark.parametrize(
    'name', ['', 'cirros', 'Ünïcödé 日本 🐧', "'; DROP TABLE images; --", 'a\x00b', ' x ', '%', 'a' * 1000]
)
def test_any_text_comes_back_as_it_was(create, db_api, admin, name):
    image = create(name=name, properties={'p': name}, add_tags=[name])
    image = db_api.image_get(admin, image['id'])
    assert (image['name'], image['properties'][0]['value'], image['tags']) == (name, name, [name])


@pytest.mark.parametrize(
    'values',
    [
        {'name': '\ud800'},
        {'name': 5},
        {'properties': {'p': '\udfff'}},
        {'properties': {'\udfff': 'v'}},
        {'properties': {'p': 5}},
        {'properties': {'p': {}}},
        {'add_tags': ['\ud800']},
        {'locations': [{'url': '\ud800'}]},
        {'min_ram': 2**31},
        {'min_disk': -(2**31)},
        {'min_ram': '5'},
        {'min_ram': 1.5},
        {'size': 2**63},
        {'nonsense': 'x'},
    ],
)
def test_what_cannot_be_stored_is_invalid_and_changes_nothing(create, db_api, admin, values):
    image = create(name='x')
    with pytest.raises(exception.Invalid):
        db_api.image_update(admin, image['id'], values)
    assert db_api.image_get(admin, image['id']) == image
    with pytest.raises(exception.Invalid):
        create(**values)
    assert len(db_api.image_get_all(admin)) == 1


@pytest.mark.parametrize('size', [0, 2**31, 2**63 - 1])
def test_sizes_have_64_bits(create, size):
    assert create(size=size)['size'] == size
