"""A Spark Connect server of the tests' own: one Java process on this machine, ended with the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyspark

HOME = Path(pyspark.__file__).parent
PATIENCE = 120
BRIEF = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m"
"""For a Java that lives for minutes on two cores: what its best compiler makes of our queries is never run often. With
one compiler Java keeps too little room for what is compiled, and Spark's own code fills it.
"""
SMALL = {
    "spark.buffer.pageSize": "1m",
    "spark.broadcast.blockSize": "64k",
    "spark.broadcast.compress": "false",
    "spark.shuffle.compress": "false",
}
"""For tables of a few rows. Every join and every group takes a page first, whatever it is to hold, and by default that
is 64 MB: a handful of them fill the heap. What is asked and what is answered stay the same.
"""


@contextmanager
def spark_server(folder: Path, conf: Mapping[str, str]) -> Iterator[str]:
    """Start one with two cores and everything it writes below `folder`; answer its URL."""
    with spark_process(folder, conf) as (_, url):
        yield url


@contextmanager
def spark_process(folder: Path, conf: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The same with its process, for who wants to end it early."""
    port = free_port()
    told = {
        "spark.master": "local[2]",
        "spark.driver.memory": "3g",
        "spark.ui.enabled": "false",
        "spark.log.level": "WARN",
        "spark.connect.grpc.binding.port": str(port),
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        **SMALL,
        **conf,
    }
    options = [part for key, value in told.items() for part in ("--conf", f"{key}={value}")]
    name = "org.apache.spark.sql.connect.service.SparkConnectServer"
    command = [str(HOME / "bin" / "spark-submit"), *options, "--class", name, "spark-internal"]
    env = {key: value for key, value in os.environ.items() if not key.startswith(("SPARK_", "PYSPARK_"))}
    env["JAVA_TOOL_OPTIONS"] = BRIEF
    with (folder / "server.log").open("wb") as log:
        # Its standard input is a pipe of ours and it is in our group: it does not outlive a test run that is killed.
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield process, f"sc://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def catalog(folder: Path) -> dict[str, str]:
    """Settings of a catalog that keeps its tables when Spark ends."""
    database = f"jdbc:derby:;databaseName={folder}/metastore;create=true"
    return {
        "spark.sql.catalogImplementation": "hive",
        "spark.hadoop.javax.jdo.option.ConnectionURL": database,
        "spark.driver.extraJavaOptions": f"{BRIEF} -Dderby.stream.error.file={folder}/derby.log",
    }


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("Spark Connect did not start; see server.log.")
