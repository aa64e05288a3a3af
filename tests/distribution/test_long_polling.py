"""Long polling: OPA asks once, and the service answers when there is news."""

from pathlib import Path

from scopegate.live.opa import Opa
from scopegate.live.serving import wait_until_ready
from tests.distribution.archives import change_files, edit
from tests.distribution.conftest import Edition
from tests.distribution.live import (
    has_activated,
    read_status,
    run_example,
    wait_for,
    wait_for_error,
)
from tests.distribution.long_polling import serve_shelf

EXAMPLE = "long-polling.yaml"
RULES = "/scopegate/decision.rego"
# Were OPA to poll as it does by itself, no test would see the second bundle before it gives up.
PATIENT = (
    *("--set", "bundles.scopegate.polling.min_delay_seconds=3600"),
    *("--set", "bundles.scopegate.polling.max_delay_seconds=3600"),
)


def test_a_new_bundle_is_active_within_moments(
    opa: Opa, editions: tuple[Edition, Edition], tmp_path: Path
) -> None:
    older, newer = editions
    with (
        serve_shelf(older.packed) as shelf,
        run_example(opa, EXAMPLE, shelf.url, tmp_path, *PATIENT) as url,
    ):
        wait_until_ready(url, older.revision, log=tmp_path / "opa.log")
        shelf.wait_until_active()
        shelf.publish(newer.packed)
        shelf.wait_until_active()
        assert has_activated(url, newer.revision)
        wait_until_ready(url, newer.revision)
        assert shelf.answers == [200, 200]
    # The configuration's seconds, each time.
    assert shelf.waits == [60, 60, 60]


def test_without_news_opa_asks_again(
    opa: Opa, editions: tuple[Edition, Edition], tmp_path: Path
) -> None:
    older, _ = editions
    brief = ["--set", "bundles.scopegate.polling.long_polling_timeout_seconds=1"]
    with (
        serve_shelf(older.packed) as shelf,
        run_example(opa, EXAMPLE, shelf.url, tmp_path, *PATIENT, *brief) as url,
    ):
        wait_for(lambda: len(shelf.answers) > 3)
        assert shelf.answers[:4] == [200, 304, 304, 304]
        assert has_activated(url, older.revision)


def test_a_bundle_that_cannot_be_used_does_not_end_it(
    opa: Opa, editions: tuple[Edition, Edition], tmp_path: Path
) -> None:
    """OPA goes on deciding by the last good one, says why, and takes the next."""
    older, newer = editions
    broken = change_files(newer.packed, edit(RULES, b"package", b"pack age"))
    with (
        serve_shelf(older.packed) as shelf,
        run_example(opa, EXAMPLE, shelf.url, tmp_path, *PATIENT) as url,
    ):
        shelf.wait_until_active()
        shelf.publish(broken)
        assert wait_for_error(url) == "bundle_error: error(s) occurred while compiling module(s)"
        (error,) = read_status(url)["errors"]
        assert error["code"] == "rego_parse_error"
        assert error["location"]["file"].endswith(RULES)
        wait_until_ready(url, older.revision)
        shelf.publish(newer.packed)
        wait_until_ready(url, newer.revision, log=tmp_path / "opa.log")
