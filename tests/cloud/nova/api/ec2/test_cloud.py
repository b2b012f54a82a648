"""GET /services/Cloud, as clients see it: through the router, under WebTest's WSGI validator."""

import logging
from xml.etree import ElementTree

import pytest
import webtest

import routers
from cloud.nova import exception
from cloud.nova.api.ec2.cloud import CloudController
from cloud.oslo.db.sqlalchemy.session import DBError
from tests.cloud.nova.image.test_s3 import CONTEXT, IMAGE, KERNEL, RAMDISK, Database

VERSION = '{http://ec2.amazonaws.com/doc/2010-08-31/}'


class Router(routers.Router):
    routes = (('/services/Cloud', 'GET POST', 'cloud', 'execute'),)


class Images:
    """An image service: images by id, asked for all, by name, or one by one; or an error."""

    def __init__(self):
        self.images, self.error, self.asked = {}, None, []

    def add(self, image_id, **attributes):
        usual = {'name': 'x', 'status': 'active', 'container_format': 'bare', 'owner': 'demo', 'is_public': False}
        self.images[image_id] = {'id': image_id, **usual, 'properties': {}, **attributes}

    def detail(self, context, filters=None):
        self.asked.append((context, filters))
        if self.error:
            raise self.error
        name = (filters or {}).get('name')
        return [image for image in self.images.values() if name in (None, image['name'])]

    def show(self, context, image_id):
        if image_id not in self.images:
            raise exception.ImageNotFound(image_id=image_id)
        return self.images[image_id]


@pytest.fixture
def images():
    images = Images()
    images.add(IMAGE, name='cirros')
    return images


@pytest.fixture
def client(images):
    app = Router(cloud=CloudController(images, Database()))
    return webtest.TestApp(app, extra_environ={'nova.context': CONTEXT, 'openstack.request_id': 'req-1'})


@pytest.fixture
def describe(client):
    """describe('ami-1', ...): the answered items, each a dict of text by name."""

    def ask(*ec2_ids):
        query = ''.join(f'&ImageId.{number}={ec2_id}' for number, ec2_id in enumerate(ec2_ids, 1))
        answer = ElementTree.fromstring(client.get(f'/services/Cloud?Action=DescribeImages{query}').body)
        return [
            {part.tag.removeprefix(VERSION): part.text for part in item} for item in answer.find(f'{VERSION}imagesSet')
        ]

    return ask


@pytest.fixture
def refused(client):
    """refused(query, status): the answered code and message."""

    def ask(query, status=400):
        answer = client.get(f'/services/Cloud{query}', status=status)
        root = ElementTree.fromstring(answer.body)
        assert (answer.content_type, root.tag, root.findtext('RequestID')) == ('text/xml', 'Response', 'req-1')
        return root.findtext('Errors/Error/Code'), root.findtext('Errors/Error/Message')

    return ask


class TestAnswers:
    def test_all_images_are_described_in_ec2s_xml(self, client):
        answer = client.get('/services/Cloud?Action=DescribeImages')
        assert answer.headers['Content-Type'] == 'text/xml; charset=UTF-8'
        assert answer.body.decode() == (
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            '<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2010-08-31/"><requestId>req-1</requestId>'
            '<imagesSet><item><imageId>ami-00000001</imageId><imageLocation>cirros</imageLocation>'
            '<imageState>available</imageState><imageOwnerId>demo</imageOwnerId><isPublic>false</isPublic>'
            '<imageType>machine</imageType><name>cirros</name><rootDeviceType>instance-store</rootDeviceType>'
            '</item></imagesSet></DescribeImagesResponse>'
        )

    def test_it_is_the_caller_who_asks_the_image_service(self, describe, images):
        describe()
        assert images.asked == [(CONTEXT, None)]

    def test_no_images_are_an_empty_set(self, describe, images):
        images.images = {}
        assert describe() == []

    def test_an_image_is_described_by_its_ec2_id(self, describe, images):
        images.add(KERNEL, name='other')
        assert [image['imageId'] for image in describe()] == ['ami-00000001', 'ami-00000002']
        assert [image['name'] for image in describe('ami-00000002')] == ['other']
        assert [image['name'] for image in describe('ami-00000002', 'ami-00000001')] == ['other', 'cirros']

    def test_or_by_its_name(self, describe):
        assert [image['imageId'] for image in describe('cirros')] == ['ami-00000001']

    def test_a_kernel_and_a_ramdisk_have_kinds_of_their_own(self, describe, images):
        images.add(KERNEL, name='kernel', container_format='aki')
        images.add(RAMDISK, name='ramdisk', container_format='ari')
        images.add(IMAGE, properties={'kernel_id': KERNEL, 'ramdisk_id': RAMDISK})
        image, kernel, ramdisk = describe()
        assert (image['imageId'], image['kernelId'], image['ramdiskId']) == (
            'ami-00000001',
            'aki-00000002',
            'ari-00000003',
        )
        assert (kernel['imageId'], kernel['imageType']) == ('aki-00000002', 'kernel')
        assert (ramdisk['imageId'], ramdisk['imageType']) == ('ari-00000003', 'ramdisk')
        assert describe('aki-00000002') == [kernel]

    def test_what_a_user_has_put_in_the_place_of_a_kernel_is_not_shown(self, describe, images):
        images.add(IMAGE, properties={'kernel_id': 'nonsense'})
        assert 'kernelId' not in describe()[0]

    def test_properties_say_where_it_came_from_and_how_it_is(self, describe, images):
        properties = {'image_location': 'bucket/x.xml', 'image_state': 'untarring', 'architecture': 'x86_64'}
        images.add(IMAGE, name=None, status='queued', is_public=True, properties=properties)
        (image,) = describe()
        assert (image['imageLocation'], image['name'], image['imageState']) == (
            'bucket/x.xml',
            'bucket/x.xml',
            'untarring',
        )
        assert (image['architecture'], image['isPublic']) == ('x86_64', 'true')

    @pytest.mark.parametrize(('status', 'state'), [('active', 'available'), ('queued', 'queued'), ('killed', 'killed')])
    def test_an_active_image_is_available(self, describe, images, status, state):
        images.add(IMAGE, status=status)
        assert describe()[0]['imageState'] == state

    def test_any_name_can_stand_in_xml(self, describe, images):
        images.add(IMAGE, name='<a> & "b" ü图😀 \x00\x1b\ud800\ufffe')
        assert describe()[0]['name'] == '<a> & "b" ü图😀 \ufffd\ufffd\ufffd\ufffd'

    def test_the_version_that_was_asked_for_is_answered(self, client):
        answer = client.get('/services/Cloud?Action=DescribeImages&Version=2012-12-01')
        assert 'xmlns="http://ec2.amazonaws.com/doc/2012-12-01/"' in answer

    def test_what_clients_of_amazons_send_along_does_no_harm(self, client):
        client.get('/services/Cloud?Action=DescribeImages&AWSAccessKeyId=a&Signature=b&SignatureVersion=2&Timestamp=c')

    def test_more_than_nine_ids_keep_their_order(self, describe, images):
        for number in range(1, 12):
            images.add(f'{number:08x}-0000-4000-8000-000000000000', name=str(number))
        assert [image['name'] for image in describe(*['11', '2', '3', '4', '5', '6', '7', '8', '9', '10', '1'])] == [
            '11',
            '2',
            '3',
            '4',
            '5',
            '6',
            '7',
            '8',
            '9',
            '10',
            '1',
        ]

    def test_the_owners_may_be_named(self, client, images):
        images.add(KERNEL, name='other', owner='other')
        for owner, names in (('self', ['cirros']), ('other', ['other']), ('nobody', [])):
            answer = client.get(f'/services/Cloud?Action=DescribeImages&Owner.1={owner}')
            assert [name.text for name in ElementTree.fromstring(answer.body).iter(f'{VERSION}name')] == names

    @pytest.mark.parametrize(
        ('query', 'names'),
        [
            ('Filter.1.Name=name&Filter.1.Value.1=cir*', ['cirros']),
            ('Filter.1.Name=name&Filter.1.Value.1=other&Filter.1.Value.2=cirro?', ['cirros', 'other']),
            ('Filter.1.Name=is-public&Filter.1.Value.1=true', []),
            ('Filter.1.Name=name&Filter.1.Value.1=[a-z]*', []),
            ('Filter.1.Name=name&Filter.1.Value.1=c*&Filter.2.Name=state&Filter.2.Value.1=pending', []),
            ('Filter.1.Name=architecture&Filter.1.Value.1=*', []),
        ],
    )
    def test_filters_let_through_what_has_one_of_their_values(self, client, images, query, names):
        images.add(KERNEL, name='other')
        answer = client.get(f'/services/Cloud?Action=DescribeImages&{query}')
        assert [name.text for name in ElementTree.fromstring(answer.body).iter(f'{VERSION}name')] == names

    def test_a_post_is_as_good_as_a_get(self, client):
        answer = client.post('/services/Cloud', {'Action': 'DescribeImages', 'ImageId.1': 'cirros'})
        assert '<name>cirros</name>' in answer


class TestRefusals:
    @pytest.mark.parametrize(
        ('query', 'code'),
        [
            ('Filter.1.Name=nonsense&Filter.1.Value.1=x', 'InvalidParameterValue'),
            ('Filter.1.Value.1=x', 'InvalidParameterValue'),
            ('Filter.1=x', 'InvalidParameterValue'),
            ('Filter.x=y', 'InvalidParameterValue'),
            ('Filter.1.Name=name&Filter.1.Value=x', 'InvalidParameterValue'),
            ('Filter.1.Name.x=name', 'InvalidParameterValue'),
            ('Filter.1=x&Filter.1.Name=x', 'InvalidParameterCombination'),
        ],
    )
    def test_a_filter_that_is_none(self, refused, query, code):
        assert refused(f'?Action=DescribeImages&{query}')[0] == code

    @pytest.mark.parametrize('ec2_id', ['ami-00000009', 'nobody', 'ami-x', '00000001', 'aki-00000001', 'AMI-00000001'])
    def test_an_image_that_is_not_there_or_not_of_that_kind(self, describe, refused, ec2_id):
        describe()
        code, message = refused(f'?Action=DescribeImages&ImageId.1={ec2_id}', 404)
        assert (code, message) == ('InvalidAMIID.NotFound', f'There is no image {ec2_id}.')

    def test_an_image_that_is_gone_from_glance(self, describe, images, refused):
        describe()
        images.images = {}
        assert refused('?Action=DescribeImages&ImageId.1=ami-00000001', 404)[0] == 'InvalidAMIID.NotFound'

    def test_an_action_that_there_is_not(self, refused):
        for action in ('RunInstances', 'describe_images', '__init__', 'execute'):
            code, message = refused(f'?Action={action}')
            assert (code, message) == ('InvalidAction', f'Action is {action}: send one of DescribeImages.')

    @pytest.mark.parametrize('query', ['', '?Action=', '?ImageId.1=x'])
    def test_no_action_at_all(self, refused, query):
        assert refused(query) == ('MissingAction', 'Action is missing: send one of DescribeImages.')

    @pytest.mark.parametrize('name', ['Filter', 'Owner', 'ImageId', 'ImageId.x', 'ImageId.1.2', 'ImageId.', 'x'])
    def test_a_parameter_that_is_not_known_is_not_passed_over(self, refused, name):
        code, message = refused(f'?Action=DescribeImages&{name}=x')
        assert (code, message) == (
            'UnknownParameter',
            f'{name} is not known here: send ImageId.1, Owner.1, Filter.1 and so on.',
        )

    def test_more_than_a_hundred_ids(self, refused):
        query = ''.join(f'&ImageId.{number}=x' for number in range(101))
        assert refused(f'?Action=DescribeImages{query}')[0] == 'InvalidParameterValue'

    def test_a_version_that_is_none(self, refused):
        assert refused('?Action=DescribeImages&Version=1"')[0] == 'NoSuchVersion'

    def test_a_query_that_is_not_utf_8(self, refused):
        assert refused('?Action=%ff')[0] == 'InvalidRequest'

    def test_an_image_service_out_of_reach_is_503_and_named(self, refused, images):
        images.error = exception.GlanceConnectionFailed(servers='127.0.0.1:9292 (it answers 503)')
        code, message = refused('?Action=DescribeImages', 503)
        assert code == 'Unavailable'
        assert '127.0.0.1:9292' in message

    def test_what_glance_does_not_allow(self, refused, images):
        images.error = exception.NotAuthorized()
        assert refused('?Action=DescribeImages', 403)[0] == 'NotAuthorized'

    def test_a_database_that_fails_is_503_with_its_message(self, refused, images, caplog):
        images.error = DBError('The database cannot be used now (database is locked): try again later.')
        code, message = refused('?Action=DescribeImages', 503)
        assert (code, 'database is locked' in message) == ('Unavailable', True)
        assert 'Traceback' not in caplog.text

    def test_what_fails_says_nothing_of_the_inside_but_to_the_log(self, refused, images, caplog):
        caplog.set_level(logging.ERROR)
        images.error = KeyError('secret')
        code, message = refused('?Action=DescribeImages', 500)
        assert code == 'InternalError'
        assert 'secret' not in message
        assert 'secret' in caplog.text
