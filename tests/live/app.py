# SPDX-License-Identifier: Apache-2.0
#
# The application of the live tests, for WSGI and ASGI: 3 ms of CPU for each request, which it says in
# a header, so that a log can have it.
import time

CPU = 0.003


def work():
    start = time.thread_time()
    while time.thread_time() - start < CPU:
        pass
    return str(int((time.thread_time() - start) * 1e6))


def wsgi(environ, start_response):
    headers = [("Content-Type", "text/plain"), ("Content-Length", "6"), ("X-Cpu-Us", work())]
    start_response("200 OK", headers)
    return [b"hello\n"]


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"6"), (b"x-cpu-us", work().encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello\n"})
