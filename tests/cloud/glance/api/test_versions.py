import pytest
import webtest

from cloud.glance.api.versions import Controller
from cloud.glance.common import config


def ask(path='/', headers=None, **options):
    app = Controller(config.parse(options))
    return webtest.TestApp(app).get(path, headers=headers, status=300).json['versions']


def test_the_document_lists_each_version_with_its_status():
    assert [(each['id'], each['status']) for each in ask()] == [
        ('v2.15', 'CURRENT'),
        ('v2.13', 'SUPPORTED'),
        ('v2.12', 'SUPPORTED'),
        ('v2.9', 'SUPPORTED'),
        ('v2.7', 'SUPPORTED'),
        ('v2.6', 'SUPPORTED'),
        ('v2.5', 'SUPPORTED'),
        ('v2.4', 'SUPPORTED'),
        ('v2.3', 'SUPPORTED'),
        ('v2.2', 'SUPPORTED'),
        ('v2.1', 'SUPPORTED'),
        ('v2.0', 'SUPPORTED'),
        ('v1.1', 'CURRENT'),
        ('v1.0', 'SUPPORTED'),
    ]


def test_links_lead_to_the_host_that_was_asked():
    first, *_, last = ask(headers={'Host': 'images.example:9292'})
    assert first['links'] == [{'rel': 'self', 'href': 'http://images.example:9292/v2/'}]
    assert last['links'] == [{'rel': 'self', 'href': 'http://images.example:9292/v1/'}]


def test_public_endpoint_stands_in_for_the_host():
    assert (
        ask(public_endpoint='https://cloud.example/image/')[0]['links'][0]['href'] == 'https://cloud.example/image/v2/'
    )


@pytest.mark.parametrize(('option', 'major'), [('enable_v1_api', 'v1'), ('enable_v2_api', 'v2')])
def test_a_version_that_is_switched_off_is_not_listed(option, major):
    assert not [each for each in ask(**{option: 'False'}) if each['id'].startswith(major)]
