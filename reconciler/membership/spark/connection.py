"""How Spark is reached: by Spark Connect where the environment names a server, else a Spark started in this process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import grpc
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession
from pyspark.sql.connect.client import DefaultChannelBuilder
from pyspark.sql.connect.client.retries import DefaultPolicy
from pyspark.sql.connect.session import SparkSession as RemoteSession

from reconciler.errors import EngineFailed, SourceInvalid
from reconciler.membership.spark.failures import condition
from reconciler.model.settings import Secret

PATIENCE = 20
"""Seconds within which a server has to answer at first."""

MEANING: Mapping[str, str] = MappingProxyType(
    {
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_LTZ",
        "spark.sql.decimalOperations.allowPrecisionLoss": "false",
        "spark.sql.parser.escapedStringLiterals": "false",
        # With it, `${env:HOME}` inside a literal would become what the environment holds.
        "spark.sql.variable.substitute": "false",
    }
)
"""What our SQL means depends on these."""

PACE: Mapping[str, str] = MappingProxyType(
    {
        "spark.sql.adaptive.enabled": "true",
        # Inferring constraints of hundreds of CASE expressions takes longer than running them.
        "spark.sql.constraintPropagation.enabled": "false",
        "spark.sql.maxPlanStringLength": "4096",
        "spark.sql.execution.pyspark.binaryAsBytes": "true",
    }
)
"""These only help; a platform that does not let us set one is used as it is."""

_STARTED: Mapping[str, str] = MappingProxyType(
    {"spark.app.name": "reconciler", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
)


@dataclass(frozen=True, slots=True)
class Connection:
    """A session of our own, how to end what was opened for it, and how to cancel what it does."""

    session: SparkSession
    end: Callable[[], object]
    cancel: Callable[[], object]


def aside(act: Callable[[], object]) -> None:
    """Do something on a thread of its own, for a few seconds at most: a thread that was interrupted amid a call can't
    be relied on to talk to Spark again.
    """

    def quietly() -> None:
        with suppress(Exception):
            act()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    thread.join(PATIENCE)


def connect(remote: Secret | None, master: str | None) -> Connection:
    """Open a session of our own. Raises SourceInvalid when Spark can't be reached or started."""
    warnings.filterwarnings("ignore", module=r"pyspark\.")  # what matters in them comes as an error as well
    opened = _reached(remote.reveal()) if remote else _started(master)
    try:
        _configure(opened.session)
    except BaseException:
        opened.end()
        raise
    return opened


def _reached(url: str) -> Connection:
    session: Any = None
    try:
        channel = DefaultChannelBuilder(url).toChannel()
        with channel:
            grpc.channel_ready_future(channel).result(timeout=PATIENCE)
        session = RemoteSession.builder.channelBuilder(DefaultChannelBuilder(url)).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=5, max_backoff=4000)])
        session.version  # noqa: B018 - the first question to the server
    except (PySparkException, grpc.RpcError, grpc.FutureTimeoutError, OSError, ValueError) as error:
        raise SourceInvalid(
            "Spark can't be reached.",
            f"SPARK_REMOTE names a server that does not answer as one of Spark Connect ({condition(error)}).",
            "Check SPARK_REMOTE (sc://HOST:PORT), and that the server is up.",
        ) from None
    return Connection(session, session.stop, session.interruptAll)


def _started(master: str | None) -> Connection:
    if SparkSession.getActiveSession() is not None:  # inside somebody's Spark: theirs to end
        session = SparkSession.builder.getOrCreate().newSession()
        return Connection(session, lambda: None, session.interruptAll)
    conf = SparkConf(loadDefaults=False).setAll(list(_STARTED.items()))
    if master:
        conf.setMaster(master)
    try:
        with _signals_kept():
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            gateway = None if SparkContext._gateway else launch_gateway(conf, popen_kwargs=quiet)  # noqa: SLF001
            context = SparkContext(conf=conf, gateway=gateway)
    except (PySparkException, OSError, RuntimeError) as error:
        raise SourceInvalid(
            "Spark can't be started.",
            f"It says {condition(error)}.",
            "It needs Java 17 or newer; for a Spark elsewhere set SPARK_REMOTE (sc://HOST:PORT).",
        ) from None
    return Connection(SparkSession(context), context.stop, context.cancelAllJobs)


@contextmanager
def _signals_kept() -> Iterator[None]:
    """PySpark takes Ctrl-C for itself when it starts; it is given back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _configure(session: SparkSession) -> None:
    for key, value in MEANING.items():
        try:
            _set(session, key, value)
        except PySparkException as error:
            detail = f"{key} can't be set to {value} ({condition(error)})."
            raise EngineFailed("This Spark does not let us set what our SQL needs.", detail) from None
    with suppress(PySparkException):
        for key, value in {**PACE, **_partitions(session)}.items():
            with suppress(PySparkException):
                _set(session, key, value)


def _set(session: SparkSession, key: str, value: str) -> None:
    """What is so already is left alone: Spark warns of some settings whenever they are set."""
    if session.conf.get(key) != value:
        session.conf.set(key, value)


def _partitions(session: SparkSession) -> dict[str, str]:
    """On one machine a few for each core; a cluster has its own idea."""
    local = re.fullmatch(r"local(?:\[(\d+|\*)(?:,.*)?\])?", session.conf.get("spark.master", "") or "")
    if local is None:
        return {}
    cores = (os.cpu_count() or 1) if local[1] == "*" else int(local[1] or 1)
    return {"spark.sql.shuffle.partitions": str(2 * cores)}
