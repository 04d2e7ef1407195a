# SPDX-License-Identifier: Apache-2.0
#
# One run: start everything, record it with `cotenant capture`, and leave nothing behind but the bundle.
import contextlib
import pathlib
import signal
import sys

from groups import Stage
from processes import (HERE, LOG_FORMAT, Running, free_port, is_listening, nginx_words, server_words,
                       wait_until)

SPIN = [sys.executable, "-c", "while True: pass"]


class Groups:
    """Where the programs of a run are; nowhere in particular without control groups."""

    def __init__(self, stack, experiment, exist):
        self.app = self.client = self.neighbors = None
        if not exist:
            return
        stage = stack.enter_context(Stage())
        self.app, self.client, self.neighbors = (
            stack.enter_context(stage.group(name)) for name in ("app", "client", "neighbors"))
        if experiment.quota_us:
            self.app.limit(experiment.quota_us)


def workers_of(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def wait_for_server(experiment, server, port):
    # gunicorn listens before it has its workers.
    expected = 0 if experiment.kind == "uvicorn" else experiment.workers
    wait_until(lambda: is_listening(port) and len(workers_of(server.pid)) == expected, experiment.kind)


def capture_words(cotenant, server, folder, bundle):
    return [cotenant, "capture", "--pid", str(server.pid), "--log", str(folder / "access.log"),
            "--log-format", LOG_FORMAT, "-q", "-o", str(bundle)]


def load_words(experiment, port):
    return [sys.executable, str(HERE / "load.py"), str(port), str(experiment.rate), str(experiment.seconds),
            str(experiment.seed)]


def run(cotenant, experiment, folder, with_groups):
    """Makes the bundle folder/NAME; returns what the load generator said."""
    files = folder / f"{experiment.name}.files"
    files.mkdir()
    port, server_port = free_port(), free_port()
    with contextlib.ExitStack() as stack:
        groups = Groups(stack, experiment, with_groups)

        def start(words, name, group):
            return stack.enter_context(Running(words, files / f"{name}.txt", group))

        for _ in range(experiment.neighbors):
            start(SPIN, "neighbors", groups.neighbors)
        server = start(server_words(experiment, server_port), "server", groups.app)
        wait_for_server(experiment, server, server_port)
        start(nginx_words(files, port, server_port), "nginx", groups.client)
        wait_until(lambda: is_listening(port), "nginx")
        capture = start(capture_words(cotenant, server, files, folder / experiment.name), "capture", groups.client)
        said = files / "capture.txt"
        wait_until(lambda: "\ngroup" in said.read_text() or capture.has_ended(), "capture")
        start(load_words(experiment, port), "load", groups.client).wait(4 * experiment.seconds)
        if capture.end(signal.SIGINT) != 0:
            raise RuntimeError(said.read_text())
    return (files / "load.txt").read_text().strip()
