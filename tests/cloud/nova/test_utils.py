from datetime import datetime

import pytest

from cloud.nova.utils import is_uuid_like, isotime, utcnow


def test_a_moment_is_shown_in_utc_and_whole_seconds():
    assert isotime(datetime(2014, 3, 5, 12, 0, 7, 999)) == '2014-03-05T12:00:07Z'


def test_now_is_a_naive_moment():
    assert utcnow().tzinfo is None


def test_an_id_is_in_lower_case_with_dashes():
    assert is_uuid_like('0123abcd-0123-4567-89ab-0123456789ab')


@pytest.mark.parametrize('text', ['', '0123ABCD-0123-4567-89AB-0123456789AB', '0123abcd-0123-4567-89ab-0123456789ab\n'])
def test_any_other_text_is_not(text):
    assert not is_uuid_like(text)
