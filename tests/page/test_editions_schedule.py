"""When an article is looked at again."""

from datetime import UTC, datetime, timedelta

from tasks.page.editions_schedule import recheck_at

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_interval_grows_with_age_and_shrinks_with_changes():
    def wait(age, n_changes=0):
        return recheck_at(NOW - age, NOW, n_changes, NOW) - NOW

    assert wait(timedelta(minutes=5)) == timedelta(minutes=20)
    assert wait(timedelta(days=1)) == timedelta(hours=6)
    assert wait(timedelta(days=1), n_changes=1) == timedelta(hours=3)
    assert wait(timedelta(days=200)) == timedelta(days=30)
    assert recheck_at(NOW - timedelta(days=500), NOW, 0, NOW) is None


def test_what_was_due_long_ago_is_due_now():
    assert recheck_at(NOW - timedelta(days=3), NOW - timedelta(days=2), 0, NOW) == NOW
