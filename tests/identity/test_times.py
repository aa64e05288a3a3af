"""The time of the exports."""

from datetime import UTC, datetime, timedelta

import pytest

from scopegate.identity.times import describe_age, parse_time

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-11-23T12:00:00Z", "2026-11-23T13:30:00+01:30", "2026-11-23T12:00:00.000000000Z"],
)
def test_times_in_rfc_3339(text: str) -> None:
    assert parse_time(text) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T12:00:00",
        "2026-11-23 12:00:00Z",
        "2026-11-23T12:00Z",
        "20261123T120000Z",
        "2026-W48-1T12:00:00Z",
        "2026-11-31T12:00:00Z",
        "2026-11-23T12:00:00Z\n",
        "\uff12026-11-23T12:00:00Z",
    ],
)
def test_other_times(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_time(text)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(seconds=-1), "in the future"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1500), "1,500 days ago"),
    ],
)
def test_ages(age: timedelta, expected: str) -> None:
    assert describe_age(NOW - age, NOW) == expected
