# SPDX-License-Identifier: Apache-2.0
#
# The application of ./dev truth, for WSGI and ASGI: half of its CPU, a sleep that stands for a database,
# the other half. How much of each, the query says, so that every request is known before it is sent;
# the CPU that it took, a header says.
import asyncio
import time
import urllib.parse


def burn(milliseconds):
    end = time.thread_time() + milliseconds / 1000
    while time.thread_time() < end:
        pass


def demands(query):
    values = urllib.parse.parse_qs(query)
    return float(values["cpu"][0]), float(values["sleep"][0])


def microseconds(seconds):
    return str(int(seconds * 1e6))


def wsgi(environ, start_response):
    start = time.thread_time()
    cpu, sleep = demands(environ["QUERY_STRING"])
    burn(cpu / 2)
    time.sleep(sleep / 1000)
    burn(cpu / 2)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6"),
                              ("X-Cpu-Us", microseconds(time.thread_time() - start))])
    return [b"hello\n"]


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        return
    start = time.thread_time()
    cpu, sleep = demands(scope["query_string"].decode())
    burn(cpu / 2)
    spent = time.thread_time() - start
    await asyncio.sleep(sleep / 1000)
    start = time.thread_time()
    burn(cpu / 2)
    spent += time.thread_time() - start
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"content-type", b"text/plain"), (b"content-length", b"6"),
                            (b"x-cpu-us", microseconds(spent).encode())]})
    await send({"type": "http.response.body", "body": b"hello\n"})
