"""Numbers for who watches: of which route how many requests and how long they took; when something was last well.

They are about no person: a route is its pattern, nothing is told apart by member, branch or address. They are told
where the settings name a port, on this machine alone unless they name another address. Several processes add up in a
folder of files, which is the client's own way, so it has to be named before the client is imported: here, and in every
process.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock, holidays, sealing
from app.core.db import Database
from app.core.pulses import Pulse
from app.core.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
STEPS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
TROUBLES: Final = ("failed", "unclean")
"""How the pulse of something ends that was not well."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""Of the others a stranger could invent without end."""
Observe = Callable[[str, str, int, float], None]
"""Method, pattern of the route, status, seconds."""


@contextmanager
def served(config: Settings) -> Iterator[None]:
    """Tell them while the block runs, if the settings name a port.

    Raises:
        OSError: the port is not to be had.
    """
    if not config.metrics_port:
        yield
        return
    with TemporaryDirectory(prefix="sanliang-metrics-") as folder:
        os.environ[FOLDER] = folder
        from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 (see above)
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

        collected = CollectorRegistry()
        MultiProcessCollector(collected)  # type: ignore[no-untyped-call]
        house = _House(config.resolved_database_url)
        collected.register(house)
        try:
            server, thread = start_http_server(config.metrics_port, addr=config.metrics_host, registry=collected)
        except OSError as error:
            raise OSError(f"SANLIANG_METRICS_PORT {config.metrics_port}: {error.strerror}") from None
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            house.database.close()


@cache
def observer() -> Observe | None:
    """Where each request is counted; ``None`` where nobody watches."""
    if FOLDER not in os.environ:
        return None
    from prometheus_client import Histogram  # noqa: PLC0415

    seconds = Histogram(
        "sanliang_request_seconds",
        "How long requests took, from their headers to the end of the answer.",
        ["method", "route", "status"],
        buckets=STEPS_S,
    )

    def observe(method: str, route: str, status: int, took_s: float) -> None:
        seconds.labels(method if method in METHODS else "other", route, str(status)).observe(took_s)

    return observe


@cache
def slow_statements() -> Callable[[], None] | None:
    """Where each slow statement is counted; ``None`` where nobody watches."""
    if FOLDER not in os.environ:
        return None
    from prometheus_client import Counter  # noqa: PLC0415

    counted = Counter("sanliang_slow_statements", "Statements slower than SANLIANG_SLOW_STATEMENT_MS.")
    return counted.inc


class _House:
    """What is known without a request: read when somebody asks."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, threads=1)

    def collect(self) -> "Iterator[Metric]":
        """The version, whether the database answers, and when each thing of the house was last well."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

        running = GaugeMetricFamily("sanliang_version", "Always 1; the version is its label.", labels=["version"])
        running.add_metric([version("sanliang")], 1)
        yield running
        well = GaugeMetricFamily(
            "sanliang_last_timestamp_seconds", "When it was last done or well, such as the sweep.", labels=["what"]
        )
        failed = GaugeMetricFamily(
            "sanliang_last_failure_timestamp_seconds", "When it last failed, or was not clean.", labels=["what"]
        )
        until = GaugeMetricFamily(
            "sanliang_days_off_known_until_year", "Until the end of which year working days are counted by a list."
        )
        key = GaugeMetricFamily("sanliang_contacts_key", "Whether the key that seals contacts is in its place.")
        key.add_metric([], sealing.has_key())
        yield key
        try:
            with self.database.read() as session:
                for name, at in session.execute(select(Pulse.name, Pulse.beat_at)):
                    what, _space, how = name.rpartition(" ")
                    family, label = (failed, what) if how in TROUBLES else (well, name)
                    family.add_metric([label], at.timestamp())
                until.add_metric([], holidays.known_until(session, clock.today()))
        except SQLAlchemyError:
            yield GaugeMetricFamily("sanliang_database_up", "Whether the database answers.", value=0)
        else:
            yield GaugeMetricFamily("sanliang_database_up", "Whether the database answers.", value=1)
            yield from (well, failed, until)
