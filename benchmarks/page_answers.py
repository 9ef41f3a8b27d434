"""How long the live page waits: `python benchmarks/page_answers.py [people] [years]`.

From an order to the people that the dots are drawn from, to the first month, and to the end with
its metrics; the processes that run it are warm, as they are after the first run of a server.
"""

from __future__ import annotations

import http.client
import json
import re
import statistics
import struct
import subprocess
import sys
import time

RUNS = 7
PEOPLE, STEP, FINISH = 2, 3, 5
HEAD = struct.Struct("<BI")


def main() -> None:
    """Ask for the same run under seven seeds and print the medians."""
    people, years = (int(word) for word in (*sys.argv[1:], 10_000, 3)[:2])
    command = [sys.executable, "-m", "glasshouse", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            port = int(re.findall(r":([0-9]+)/", said)[0])
            for seed in (1, 2):  # one for each of the two processes
                waits(port, people, years, seed)
            found = [waits(port, people, years, seed) for seed in range(3, 3 + RUNS)]
        finally:
            process.terminate()
    for kind, name in ((PEOPLE, "dots"), (STEP, "first month"), (FINISH, "end")):
        seconds = [one[kind] for one in found]
        print(f"{name:12} {statistics.median(seconds):.2f} s  ({min(seconds):.2f} to "
              f"{max(seconds):.2f} of {RUNS})")  # fmt: skip
    print(f"as-told, {people:,} people, {years} years, two arms")


def waits(port: int, people: int, years: int, seed: int) -> dict[int, float]:
    """Give the seconds from an order to the first message of each kind."""
    order = {"scenario": "as-told", "people": people, "years": years, "seed": seed}
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("POST", "/api/runs", json.dumps(order))
    receipt = json.loads(line.getresponse().read())
    line.request("GET", f"/api/runs/{receipt['id']}/stream")
    stream, found = line.getresponse(), {}
    while head := stream.read(HEAD.size):
        kind, length = HEAD.unpack(head)
        stream.read(length)
        found.setdefault(kind, time.perf_counter() - began)
    line.close()
    return found


if __name__ == "__main__":
    main()
