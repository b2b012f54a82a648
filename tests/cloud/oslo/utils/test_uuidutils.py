"""Ids, by chance or in a row."""

import uuid

import pytest

from cloud.oslo.utils.uuidutils import generate_text, generate_uuid, seed


@pytest.fixture(autouse=True)
def by_chance_again():
    yield
    seed(None)


def test_an_id_is_a_random_uuid_of_version_4():
    made = [generate_uuid() for _ in range(100)]
    assert len(set(made)) == 100
    assert {(uuid.UUID(each).version, str(uuid.UUID(each)) == each) for each in made} == {(4, True)}
    assert uuid.UUID(generate_uuid(dashed=False)).hex.isalnum()


def test_the_same_seed_gives_the_same_row():
    rows = []
    for _ in range(2):
        seed(7)
        rows.append([generate_uuid(), generate_uuid(dashed=False), generate_text('abc', 8)])
    assert rows[0] == rows[1]
    seed(None)
    assert generate_uuid() != rows[0][0]
