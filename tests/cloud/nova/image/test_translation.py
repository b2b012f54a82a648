from datetime import datetime, timezone

import glanceclient.exc
import pytest
import warlock
from glanceclient.v2.schemas import SchemaBasedModel

from cloud.nova import exception
from cloud.nova.context import RequestContext
from cloud.nova.image import translation
from tests.cloud.nova.glances import IMAGE, TIME, v1_image

# An image as glanceclient's v2 has it: a dict whose keys are attributes, too.
Model = warlock.model_factory({'name': 'image', 'properties': {}}, base_class=SchemaBasedModel)


class TestFromGlance:
    def test_an_image_has_exactly_15_attributes_and_its_properties(self):
        shown = translation._translate_from_glance({'id': IMAGE, 'location': 'x', 'protected': True})
        assert set(shown) == {
            'id', 'name', 'status', 'is_public', 'owner', 'size', 'disk_format', 'container_format', 'checksum',
            'min_disk', 'min_ram', 'created_at', 'updated_at', 'deleted_at', 'deleted', 'properties',
        }  # fmt: skip
        assert len(translation.IMAGE_ATTRIBUTES) == 15
        assert (shown['id'], shown['name'], shown['properties']) == (IMAGE, None, {})

    @pytest.mark.parametrize(
        'text', [TIME, '2014-03-05T10:11:12', '2014-03-05T10:11:12Z', '2014-03-05T10:11:12.000000Z']
    )
    def test_times_become_datetimes(self, text):
        times = {'created_at': text, 'updated_at': text, 'deleted_at': text}
        shown = translation._translate_from_glance(times)
        assert [shown[name] for name in times] == [datetime(2014, 3, 5, 10, 11, 12, tzinfo=timezone.utc)] * 3

    @pytest.mark.parametrize('missing', [None, ''])
    def test_a_time_that_is_not_there_stays_so(self, missing):
        assert translation._translate_from_glance({'deleted_at': missing})['deleted_at'] == missing

    def test_two_properties_are_json_and_the_others_stay_text(self):
        properties = {'mappings': '[{"virtual": "ami"}]', 'block_device_mapping': '[]', 'other': '[1]', 'min': '1'}
        assert translation._translate_from_glance({'properties': properties})['properties'] == {
            'mappings': [{'virtual': 'ami'}],
            'block_device_mapping': [],
            'other': '[1]',
            'min': '1',
        }
        assert properties['mappings'] == '[{"virtual": "ami"}]'

    @pytest.mark.parametrize('text', ['[', '', 'x', '[' * 100000])
    def test_one_of_them_that_is_no_json_stays_text(self, text):
        assert translation._translate_from_glance({'properties': {'mappings': text}})['properties'] == {
            'mappings': text
        }

    def test_what_is_not_text_any_more_stays_as_it_is(self):
        assert translation._convert_from_string({'mappings': [1]}) == {'mappings': [1]}


class TestToGlance:
    def test_what_glance_alone_decides_is_not_sent_nor_what_is_not_known(self):
        known = {'id': IMAGE, 'name': 'x', 'size': 0, 'is_public': False}
        decided = {'status': 'active', 'created_at': 1, 'updated_at': 1, 'deleted_at': 1}
        assert translation._translate_to_glance({**known, **decided, 'owner': None}) == known

    def test_properties_are_sent_as_text(self):
        properties = {'mappings': [{'virtual': 'ami'}], 'block_device_mapping': '[]', 'number': 1, 'text': 'x'}
        assert translation._translate_to_glance({'properties': properties}) == {
            'properties': {'mappings': '[{"virtual": "ami"}]', 'block_device_mapping': '[]', 'number': '1', 'text': 'x'}
        }
        assert properties['number'] == 1

    def test_there_and_back_is_the_same(self):
        properties = {'mappings': [{'virtual': 'ami'}], 'text': 'ü'}
        sent = translation._translate_to_glance({'name': 'x', 'properties': properties})
        assert translation._translate_from_glance(sent)['properties'] == properties


class TestHeaders:
    def test_text_in_headers_is_utf_8_in_disguise(self):
        disguised = 'Füße 图'.encode().decode('latin-1')
        shown = translation.from_header({'name': disguised, 'size': 1, 'properties': {'os': disguised}})
        assert shown == {'name': 'Füße 图', 'size': 1, 'properties': {'os': 'Füße 图'}}

    @pytest.mark.parametrize('text', ['plain', 'ü', '图'])
    def test_other_text_stays_as_it_is(self, text):
        assert translation.decode(text) == text


class TestAvailability:
    def available(self, context=None, image=None, **properties):
        context = context or RequestContext('alice', 'demo')
        return translation._is_image_available(context, image or v1_image(properties=properties))

    def test_with_a_token_glance_has_decided(self):
        assert self.available(RequestContext(auth_token='x'), v1_image(is_public=False))

    def test_an_admin_may_see_all(self):
        assert self.available(RequestContext(is_admin=True), v1_image(is_public=False))

    def test_everybody_may_see_a_public_image(self):
        assert self.available(RequestContext(), v1_image(is_public=True))
        assert self.available(RequestContext(), Model(visibility='public'))

    @pytest.mark.parametrize('name', ['owner_id', 'project_id'])
    def test_without_a_token_the_properties_tell_whose_it_is(self, name):
        assert self.available(**{name: 'demo'})
        assert not self.available(**{name: 'other'})

    def test_owner_id_comes_before_project_id_and_both_before_user_id(self):
        assert self.available(owner_id='demo', project_id='other', user_id='bob')
        assert not self.available(owner_id='other', project_id='demo', user_id='alice')
        assert not self.available(project_id='other', user_id='alice')

    def test_the_user_decides_when_the_project_is_not_known(self):
        assert self.available(user_id='alice')
        assert not self.available(user_id='bob')
        assert self.available(RequestContext('alice'), owner_id='other', user_id='alice')

    def test_numbers_and_text_are_compared_as_text(self):
        assert self.available(RequestContext('7', '1'), user_id=7)
        assert self.available(RequestContext('7', 1), project_id='1')

    def test_an_image_of_nobody_is_not_available(self):
        assert not self.available()
        assert not self.available(RequestContext())

    def test_an_image_of_v2_has_no_is_public_and_no_properties_of_their_own(self):
        assert not self.available(image=Model(visibility='private'))
        assert self.available(image=Model(visibility='private', owner_id='demo'))
        assert not self.available(image=Model(visibility='private', properties='a user can call a property so'))


FORBIDDEN = [
    glanceclient.exc.Forbidden(),
    glanceclient.exc.HTTPForbidden(),
    glanceclient.exc.Unauthorized(),
    glanceclient.exc.HTTPUnauthorized(),
]
MISSING = [glanceclient.exc.NotFound(), glanceclient.exc.HTTPNotFound()]
BAD = [glanceclient.exc.BadRequest('no good'), glanceclient.exc.HTTPBadRequest('no good')]
OTHERS = [glanceclient.exc.HTTPConflict(), glanceclient.exc.HTTPInternalServerError(), KeyError('x')]


class TestErrors:
    @pytest.mark.parametrize(
        ('errors', 'about_an_image', 'plain'),
        [
            (FORBIDDEN, exception.ImageNotAuthorized, exception.NotAuthorized),
            (MISSING, exception.ImageNotFound, exception.NotFound),
            (BAD, exception.Invalid, exception.Invalid),
        ],
    )
    def test_what_glance_refuses_has_a_name_of_novas(self, errors, about_an_image, plain):
        for error in errors:
            assert type(translation._translate_image_exception(IMAGE, error)) is about_an_image
            assert type(translation._translate_plain_exception(error)) is plain

    def test_glances_words_about_a_bad_request_are_kept_and_the_images_id_otherwise(self):
        for error in BAD:
            assert 'no good' in str(translation._translate_image_exception(IMAGE, error))
            assert 'no good' in str(translation._translate_plain_exception(error))
        for error in FORBIDDEN + MISSING:
            assert IMAGE in str(translation._translate_image_exception(IMAGE, error))

    @pytest.mark.parametrize('error', OTHERS)
    def test_any_other_error_is_left_as_it_is(self, error):
        assert translation._translate_image_exception(IMAGE, error) is error
        assert translation._translate_plain_exception(error) is error
        with pytest.raises(type(error)) as caught, translation.translated(translation._translate_plain_exception):
            raise error
        assert caught.value is error
        assert caught.value.__cause__ is None

    def test_the_error_of_glance_is_the_cause_of_novas(self):
        error = glanceclient.exc.HTTPNotFound()
        translated = translation.translated(translation._translate_image_exception, IMAGE)
        with pytest.raises(exception.ImageNotFound) as caught, translated:
            raise error
        assert caught.value.__cause__ is error
