"""The base class: locks, hooks, and what a handler says about its last operation."""

import threading

import pytest

from cloud.nova.virt.imagehandler import base
from tests.waiting import join

META, LOCATION = {'id': 'x'}, {'url': 'file:///x'}


class Handler(base.ImageHandler):
    """Does nothing, and says what `handled` is."""

    handled = True

    def get_schemes(self):
        return ()

    def is_local(self):
        return True

    def _fetch_image(self, *args):
        self.args = args
        if isinstance(self.handled, Exception):
            raise self.handled
        return self.handled

    _remove_image = _move_image = _fetch_image


class Hooks:
    """associate and disassociate, which note how they are called, or fail."""

    def __init__(self):
        self.calls, self.error = [], None

    def associate(self, handler, path, location, image_meta):
        self.note('associate', handler, path, location, image_meta)

    def disassociate(self, handler, path):
        self.note('disassociate', handler, path)

    def note(self, *call):
        self.calls.append(call)
        if self.error:
            raise self.error


@pytest.fixture
def hooks():
    return Hooks()


@pytest.fixture
def handler(driver, hooks):
    return Handler(driver, hooks.associate, hooks.disassociate)


class TestOperations:
    def test_each_is_done_by_the_method_with_an_underscore(self, handler):
        everything = ('context', 'x', META, '/a')
        assert handler.fetch_image(*everything, 'alice', 'demo', LOCATION) is True
        assert handler.args == (*everything, 'alice', 'demo', LOCATION)
        assert handler.remove_image(*everything) is True
        assert handler.args == (*everything, None, None, None)
        assert handler.move_image(*everything, '/b', 'alice', 'demo', LOCATION) is True
        assert handler.args == (*everything, '/b', 'alice', 'demo', LOCATION)

    def test_a_handler_without_them_cannot_be_made(self, driver):
        class Incomplete(base.ImageHandler):
            def get_schemes(self):
                return ()

        with pytest.raises(TypeError, match='_fetch_image'):
            Incomplete(driver)

    @pytest.mark.parametrize(('returned', 'said'), [(True, True), (1, True), (False, False), (None, False)])
    def test_true_is_done_and_anything_false_is_not(self, handler, returned, said):
        handler.handled = returned
        assert handler.fetch_image('context', 'x', META, '/a') is said
        assert handler.last_ops_handled() is said


class TestLastOperation:
    def test_before_any_it_was_not_done(self, handler):
        assert handler.last_ops_handled() is False

    def test_asking_again_says_no(self, handler):
        handler.fetch_image('context', 'x', META, '/a')
        assert [handler.last_ops_handled(), handler.last_ops_handled()] == [True, False]

    def test_the_last_one_counts(self, handler):
        handler.fetch_image('context', 'x', META, '/a')
        handler.handled = False
        handler.remove_image('context', 'x', META, '/a')
        assert handler.last_ops_handled() is False

    def test_each_thread_has_its_own(self, handler):
        said = []
        handler.fetch_image('context', 'x', META, '/a')
        other = threading.Thread(target=lambda: said.append(handler.last_ops_handled()))
        other.start()
        join(other)
        assert (said, handler.last_ops_handled()) == ([False], True)


class TestHooks:
    def test_fetching_associates(self, handler, hooks):
        handler.fetch_image('context', 'x', META, ' /a ', location=LOCATION)
        assert hooks.calls == [('associate', handler, '/a', LOCATION, META)]

    def test_removing_disassociates(self, handler, hooks):
        handler.remove_image('context', 'x', META, '/a')
        assert hooks.calls == [('disassociate', handler, '/a')]

    def test_moving_does_both(self, handler, hooks):
        handler.move_image('context', 'x', META, '/a', '/b', location=LOCATION)
        assert hooks.calls == [('disassociate', handler, '/a'), ('associate', handler, '/b', LOCATION, META)]

    @pytest.mark.parametrize('handled', [False, ValueError('x')])
    def test_what_was_not_done_is_not_told(self, handler, hooks, handled):
        handler.handled = handled
        for operation, paths in (('fetch_image', 1), ('remove_image', 1), ('move_image', 2)):
            try:
                getattr(handler, operation)('context', 'x', META, *['/a'] * paths)
            except ValueError as error:
                assert error is handled
        assert hooks.calls == []

    @pytest.mark.parametrize('path', ['', '   ', None, 7, b'/a'])
    def test_only_text_that_is_not_blank_is_a_path(self, handler, hooks, path, caplog):
        assert handler.fetch_image('context', 'x', META, path) is True
        assert hooks.calls == []
        assert f'{path!r} is no path to remember' in caplog.text

    def test_a_hook_that_fails_is_only_warned_about(self, handler, hooks, caplog):
        hooks.error = ValueError('no good')
        assert handler.move_image('context', 'x', META, '/a', '/b') is True
        assert handler.last_ops_handled() is True
        assert len(hooks.calls) == 2
        assert 'Handler: /a cannot be remembered or forgotten: no good' in caplog.text

    def test_there_may_be_none(self, driver):
        assert Handler(driver).move_image('context', 'x', META, '/a', '/b') is True


class Waiting(Handler):
    """Is busy until `go`, and notes how many are inside."""

    def __init__(self, driver):
        super().__init__(driver)
        self.begun, self.go = threading.Semaphore(0), threading.Event()

    def _fetch_image(self, *args):
        self.begun.release()
        return self.go.wait(10)

    _remove_image = _move_image = _fetch_image


class TestLocks:
    @pytest.fixture
    def busy(self, driver):
        """A Waiting that another thread has begun to fetch image x with."""
        handler = Waiting(driver)
        thread = threading.Thread(target=handler.fetch_image, args=('context', 'x', META, '/a'))
        thread.start()
        assert handler.begun.acquire(timeout=10)
        yield handler
        handler.go.set()
        join(thread)

    @pytest.mark.parametrize(('operation', 'paths'), [('fetch_image', 1), ('remove_image', 1), ('move_image', 2)])
    def test_one_image_is_one_workers_at_a_time(self, busy, driver, operation, paths):
        other = Waiting(driver)
        other.go.set()
        second = threading.Thread(target=getattr(other, operation), args=('context', 'x', META, *['/b'] * paths))
        second.start()
        assert not other.begun.acquire(timeout=0.1)
        busy.go.set()
        assert other.begun.acquire(timeout=10)
        join(second)

    @pytest.mark.parametrize('image_id', ['y', None])
    def test_another_image_and_a_path_without_one_do_not_wait(self, busy, driver, image_id):
        other = Waiting(driver)
        other.go.set()
        assert other.remove_image('context', image_id, META, '/a') is True

    def test_a_handler_that_fails_lets_go_of_it(self, handler):
        handler.handled = ValueError('x')
        with pytest.raises(ValueError, match='x'):
            handler.fetch_image('context', 'x', META, '/a')
        handler.handled = True
        assert handler.fetch_image('context', 'x', META, '/a') is True

    def test_the_locks_are_files_in_the_folder_of_the_instances(self, handler, tmp_path):
        handler.fetch_image('context', 'x', META, '/a')
        assert [path.name for path in (tmp_path / 'instances' / 'locks').iterdir()] == ['nova-imagehandler-x']
