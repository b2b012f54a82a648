"""The last 200 requests survive a restart; disk and memory are bounded."""

import os

from tests.servers import TOKEN
from tests.waiting import wait_until
from tests.xray.conftest import write_ini
from xray import store as stores
from xray.store import Store


def document(number, size=1):
    return {
        'id': f'req-{number}', 'global_id': f'req-{number}', 'service': 's', 'status': 200, 'steps_total': 1,
        'steps_left_out': 0, 'started': '2026-01-01T00:00:00+00:00', 'steps': ['x' * size],
        'request': {}, 'response': {},
    }  # fmt: skip


def test_the_last_200_are_kept(tmp_path):
    store = Store(str(tmp_path))
    for number in range(230):
        store.take_in(document(number))
    assert [summary['id'] for summary in Store(str(tmp_path)).summaries()] == [f'req-{n}' for n in range(229, 29, -1)]
    assert len(os.listdir(tmp_path)) == 200


def test_all_together_they_take_no_more_than_so_many_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, 'MAX_BYTES', 100_000)
    store = Store(str(tmp_path))
    for number in range(10):
        store.take_in(document(number, 20_000))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100_000
    assert store.get('req-9')
    assert store.get('req-0') is None


def test_a_very_large_one_is_kept_without_its_steps(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, 'MAX_FILE', 10_000)
    store = Store(str(tmp_path))
    store.take_in(document(1, 20_000))
    assert store.get('req-1')['steps'] == []
    assert store.get('req-1')['steps_left_out'] == 1


def test_what_is_no_recording_is_passed_over(tmp_path):
    store = Store(str(tmp_path))
    store.take_in(document(1))
    (tmp_path / f'{0:020d}-req-broken.json').write_text('{')
    (tmp_path / '.123-4.part').write_text('half')
    assert [summary['id'] for summary in store.summaries()] == ['req-1']
    for strange in ('../req-1', 'req-broken', 'x' * 500, '*'):
        assert store.get(strange) is None


def test_a_disk_that_cannot_be_written_to_stops_no_request(tmp_path):
    (tmp_path / 'file').write_text('')
    store = Store(str(tmp_path / 'file'))

    class Exchange:
        id, number = 'req-1', 1

        def document(self):
            return document(1)

    store.put(Exchange())
    store.flush()
    assert store.summaries() == []


def test_they_survive_a_restart(start, tmp_path):
    ini = write_ini(tmp_path)
    running = start(str(ini), 'xray')
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f'{running.url}/instances', headers=TOKEN), timeout=10).read()
    running.send_signal()
    assert running.wait() == 0
    (summary,) = Store(str(tmp_path / 'xray')).summaries()
    assert (summary['path'], summary['status']) == ('/instances', 200)


def test_they_are_on_the_disk_soon_for_others_to_read(ground, tmp_path):
    ground.get('/instances')
    other = Store(str(tmp_path / 'xray'))
    assert wait_until(other.summaries)
