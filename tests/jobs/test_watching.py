"""One reader for all who watch jobs."""

import threading
import time

import pytest

from jobs.errors import Unavailable
from jobs.watching import AT_ONCE, Watch
from tests.support.waiting import until


class Told:
    """A feed whose words a test says itself."""

    def __init__(self):
        self.listeners = {}

    def add(self, name, wake):
        self.listeners.setdefault(name, set()).add(wake)

    def remove(self, name, wake):
        self.listeners[name].discard(wake)

    def say(self, name):
        for wake in tuple(self.listeners.get(name, ())):
            wake()


class Shelf:
    """Jobs to be read, by their ids, and what was read together."""

    def __init__(self):
        self.jobs, self.read_together, self.fault = {}, [], None

    def read(self, ids):
        self.read_together.append(list(ids))
        if self.fault:
            raise self.fault
        return [self.jobs.get(job_id) for job_id in ids]


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def watch(told, shelf):
    return Watch(told, shelf.read, look_seconds=60)


def test_all_who_watch_a_job_are_told_of_a_change_by_one_read(watch, told, shelf):
    shelf.jobs["a"] = "changed"
    with watch.watching("a") as one, watch.watching("a") as other:
        told.say("a")

        assert one.wait(5)
        assert other.wait(5)
        assert (one.take(), other.take()) == ("changed", "changed")
    assert len(shelf.read_together) <= 2  # the two words of the feed came one after the other


def test_what_has_not_changed_is_not_read(watch, told, shelf):
    with watch.watching("a"), watch.watching("b") as other:
        told.say("b")
        other.wait(5)

    assert {job_id for ids in shelf.read_together for job_id in ids} == {"b"}


def test_every_job_is_looked_at_in_time_without_a_word(told, shelf):
    shelf.jobs = {str(number): "as it was" for number in range(2 * AT_ONCE + 1)}
    watch = Watch(told, shelf.read, look_seconds=0.2)
    began = time.monotonic()
    with_watchers = [watch.watching(job_id) for job_id in shelf.jobs]
    watchers = [context.__enter__() for context in with_watchers]

    assert all(watcher.wait(10) for watcher in watchers)

    assert time.monotonic() - began >= 0.2
    assert max(map(len, shelf.read_together)) <= AT_ONCE
    for context in with_watchers:
        context.__exit__(None, None, None)


def test_a_read_that_fails_is_told_and_the_next_one_again(watch, told, shelf):
    shelf.fault = Unavailable("away")
    with watch.watching("a") as watcher:
        told.say("a")
        assert watcher.wait(5)
        with pytest.raises(Unavailable):
            watcher.take()
        shelf.fault, shelf.jobs["a"] = None, "back"

        told.say("a")

        assert watcher.wait(5)
        assert watcher.take() == "back"


def test_a_fault_of_the_reader_ends_no_watch(watch, told, shelf):
    shelf.fault = ValueError("unforeseen")
    with watch.watching("a") as watcher:
        told.say("a")
        assert watcher.wait(5)
        with pytest.raises(Unavailable):
            watcher.take()


def test_who_watches_no_more_costs_nothing(watch, told, shelf):
    with watch.watching("a") as watcher:
        told.say("a")
        watcher.wait(5)
    before = len(shelf.read_together)
    with watch.watching("b") as other:
        told.say("a")
        told.say("b")
        other.wait(5)

    assert [ids for ids in shelf.read_together[before:] if "a" in ids] == []
    assert told.listeners["a"] == set()


def test_many_who_come_and_go_at_once_are_all_told(told, shelf):
    watch = Watch(told, shelf.read, look_seconds=0.05)
    shelf.jobs = {str(number): "there" for number in range(10)}
    seen = []

    def come_and_go(number):
        for _ in range(5):
            with watch.watching(str(number % 10)) as watcher:
                assert watcher.wait(10)
                seen.append(watcher.take())

    visitors = [threading.Thread(target=come_and_go, args=(number,)) for number in range(40)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()

    until(lambda: len(seen) == 200, seconds=5)
    assert set(seen) == {"there"}
