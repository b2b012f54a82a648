"""The page's files: nothing comes from elsewhere, and no record becomes markup."""

import re

import pytest

from tests.servers import ROOT

FILES = sorted(path for path in (ROOT / 'xray' / 'page').iterdir() if path.is_file())
SVG = 'http://www.w3.org/2000/svg'  # a name, which nobody asks for


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.name)
def test_a_file_of_the_page_asks_nobody_else(path):
    assert re.findall(r'https?://[\w.]+', path.read_text().replace(SVG, '')) == []


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.name)
def test_a_file_of_the_page_makes_no_markup_out_of_text(path):
    assert re.findall(r'innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(', path.read_text()) == []


def test_what_the_policy_forbids_does_not_stand_in_the_page():
    page = (ROOT / 'xray' / 'page' / 'index.html').read_text()
    assert re.findall(r'<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)', page) == []


def test_each_file_that_is_named_is_there():
    named = {name for path in FILES for name in re.findall(r"(?:from '\./|/xray/page/)([\w.-]+)", path.read_text())}
    assert named <= {path.name for path in FILES}
    assert {path.name for path in FILES} - named == {'index.html'}
