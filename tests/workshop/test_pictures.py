"""The pictures in the chapters are drawn from the code, and say in words what they show."""

import re
import xml.etree.ElementTree as ET

import pytest

from tests.servers import ROOT
from workshop import pictures, source, svg

SVG = '{http://www.w3.org/2000/svg}'


@pytest.mark.parametrize('number', pictures.PICTURES)
def test_a_picture_has_a_title_and_says_the_same_in_words(number):
    text, drawn = pictures.picture(number)
    root = ET.fromstring(drawn)
    assert root.find(f'{SVG}title').text == pictures.PICTURES[number][0]
    assert root.find(f'{SVG}desc').text == text
    for box in root.findall(f'{SVG}text'):
        assert box.text in text


@pytest.mark.parametrize('number', pictures.PICTURES)
def test_what_is_drawn_lies_within_the_picture(number):
    root = ET.fromstring(pictures.picture(number)[1])
    width, height = float(root.get('width')), float(root.get('height'))
    assert width <= 900
    for box in root.findall(f'{SVG}rect')[1:]:
        assert float(box.get('x')) + float(box.get('width')) <= width
        assert float(box.get('y')) + float(box.get('height')) <= height


@pytest.mark.parametrize('path', source.chapters(), ids=lambda path: path.name)
def test_each_chapter_shows_its_picture(path):
    number = int(path.name[:2])
    text, _ = pictures.picture(number)
    assert f'![{text}](pictures/{number:02}.svg)' in path.read_text()


def test_the_picture_follows_the_code(tmp_path, monkeypatch):
    text = (ROOT / 'configure.ini').read_text().replace('pipeline = auth instance', 'pipeline = counter auth instance')
    (tmp_path / 'configure.ini').write_text(text)
    (tmp_path / 'server.py').write_text((ROOT / 'server.py').read_text())
    monkeypatch.setattr(pictures, 'ROOT', tmp_path)
    assert 'FaultWrapper → counter → auth → instance' in pictures.picture(1)[0]


def test_the_onions_layers_are_those_of_the_gateway():
    made = re.findall(r'(\w+)\.(?:\w*)ImageRepo(?:Proxy)?\(', (ROOT / 'cloud' / 'glance' / 'gateway.py').read_text())
    assert pictures.picture(7)[0] == f'From the outside in: {", ".join(reversed(made))}.'


def test_a_row_that_is_too_long_goes_on_in_the_next_line():
    text, drawn = svg.rows('Long', [('', ['a box with a long name'] * 6)])
    assert text.count('→') == 5
    assert len({box.get('y') for box in ET.fromstring(drawn).findall(f'{SVG}text')}) == 2
