# SPDX-License-Identifier: Apache-2.0
#
# An open-loop load, load.py PORT RATE SECONDS SEED: requests are sent when the schedule says, whether or not earlier ones were answered.
# The schedule is drawn before, from a seed: the same seed asks for the same work at the same times.
import asyncio
import random
import sys

# Of each class: its share, and the mean CPU and sleep in milliseconds.
CLASSES = {"page": (0.75, 6.0, 15.0), "report": (0.25, 20.0, 10.0)}
SPREAD = 0.4  # standard deviation of the logarithm of both
PATIENCE = 20  # seconds


def schedule(rate, duration, seed):
    """(when, path) of each request; when counts in seconds from the start."""
    rng = random.Random(seed)
    names = list(CLASSES)
    shares = [CLASSES[name][0] for name in names]
    requests, now = [], rng.expovariate(rate)
    while now < duration:
        name = rng.choices(names, shares)[0]
        # exp(N(-s²/2, s)) has a mean of 1.
        cpu, sleep = (mean * rng.lognormvariate(-SPREAD * SPREAD / 2, SPREAD) for mean in CLASSES[name][1:])
        requests.append((now, f"/{name}?cpu={cpu:.3f}&sleep={sleep:.3f}"))
        now += rng.expovariate(rate)
    return requests


async def ask(port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return (await reader.read()).startswith(b"HTTP/1.1 200")
    finally:
        writer.close()


async def send_at(when, port, path):
    await asyncio.sleep(when - asyncio.get_running_loop().time())
    try:
        return await asyncio.wait_for(ask(port, path), PATIENCE)
    except (OSError, asyncio.TimeoutError):
        return False


async def send_all(port, requests):
    start = asyncio.get_running_loop().time() + 0.5
    return await asyncio.gather(*[send_at(start + when, port, path) for when, path in requests])


if __name__ == "__main__":
    port, rate, duration, seed = sys.argv[1:]
    answers = asyncio.run(send_all(int(port), schedule(float(rate), float(duration), int(seed))))
    print(f"{sum(answers)} of {len(answers)} requests answered")
