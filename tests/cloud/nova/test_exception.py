import pytest

from cloud.nova import exception


def test_an_error_has_its_own_words_with_room_for_details():
    assert str(exception.ImageNotFound(image_id='x')) == 'There is no image x.'
    assert exception.ImageUnacceptable(image_id='x', reason='a {b}').msg == 'Image x cannot be used: a {b}.'


def test_or_those_of_whoever_raises_it():
    assert str(exception.NovaException('a {b}')) == 'a {b}'


@pytest.mark.parametrize(
    ('kind', 'code'),
    [
        (exception.NovaException, 500),
        (exception.Invalid, 400),
        (exception.InvalidImageRef, 400),
        (exception.InvalidEc2Id, 400),
        (exception.ImageNotActive, 400),
        (exception.FlavorDiskTooSmall, 400),
        (exception.FlavorMemoryTooSmall, 400),
        (exception.NotAuthorized, 403),
        (exception.ImageNotAuthorized, 403),
        (exception.ImageNotFound, 404),
        (exception.InstanceNotFound, 404),
        (exception.NoImageHandlerAvailable, 500),
        (exception.GlanceConnectionFailed, 503),
    ],
)
def test_each_has_the_status_that_an_api_answers_with(kind, code):
    assert kind.code == code


def test_a_detail_that_is_missing_is_found_at_once():
    with pytest.raises(KeyError):
        exception.ImageNotFound()
