# SPDX-License-Identifier: Apache-2.0
#
# The programs of one run: a server, nginx before it, neighbors beside it. Each is started in a session of
# its own, and ended by its id.
import os
import pathlib
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
LOG_FORMAT = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
              '$msec $request_time $upstream_response_time cpu_us=$upstream_http_x_cpu_us')
NGINX = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.txt;
events {{ worker_connections 1024; }}
http {{
  log_format cotenant '{format}';
  access_log {folder}/access.log cotenant;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{server_port}; }}
  }}
}}
"""


class Running:
    def __init__(self, words, output, group=None):
        with open(output, "ab") as file:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                                            start_new_session=True, preexec_fn=group and group.join)
        self.session = self.process.pid

    @property
    def pid(self):
        return self.process.pid

    def has_ended(self):
        return self.process.poll() is not None

    def wait(self, longest):
        """For a program that ends by itself."""
        self.process.wait(longest)

    def end(self, how=signal.SIGTERM):
        """Asks it to end; kills its session if it does not within 10 s. Returns the exit code."""
        if not self.has_ended():
            self.process.send_signal(how)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.session, signal.SIGKILL)
            return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what):
    end = time.monotonic() + 30
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within 30 s")
        time.sleep(0.05)


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def server_words(experiment, port):
    if experiment.kind == "uvicorn":
        return ["uvicorn", "--app-dir", str(HERE), "--port", str(port), "--no-access-log", "app:asgi"]
    words = ["gunicorn", "--chdir", str(HERE), "-b", f"127.0.0.1:{port}", "-w", str(experiment.workers)]
    if experiment.kind == "gthread":
        words += ["-k", "gthread", "--threads", str(experiment.threads)]
    return words + ["app:wsgi"]


def nginx_words(folder, port, server_port):
    """Its words, after writing what it reads."""
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, server_port=server_port, format=LOG_FORMAT))
    (folder / "access.log").touch()
    return ["/usr/sbin/nginx", "-c", str(config), "-e", str(folder / "nginx.txt")]
