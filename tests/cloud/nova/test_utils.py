import pytest

from cloud.nova.utils import is_uuid_like


def test_an_id_is_in_lower_case_with_dashes():
    assert is_uuid_like('0123abcd-0123-4567-89ab-0123456789ab')


@pytest.mark.parametrize('text', ['', '0123ABCD-0123-4567-89AB-0123456789AB', '0123abcd-0123-4567-89ab-0123456789ab\n'])
def test_any_other_text_is_not(text):
    assert not is_uuid_like(text)
