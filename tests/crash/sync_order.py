#!/usr/bin/env python3
"""The order of syncs, out of a trace of system calls: no answer before its samples are on the disk.

`fleetwalld serve` under strace takes messages one after the other. In every exchange, between the
request's arrival and the first byte of the answer, the log of the day's file must be written, and
after its last write a sync of it must have come back with 0. Exit code 0, 1, or 77: strace is
missing or may not trace.

    tests/crash/sync_order.py --fleetwalld build/bin/fleetwalld [--messages 100]
"""
import argparse
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CALLS = "fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg,recvfrom,recvmsg,read,readv"
LINE = re.compile(r"^(\d+)\s+([\d.]+)\s+(?:<\.\.\. )?(\w+)(.*)$")


def events(trace):
    """(what, detail) in the order of the trace: a call counts when it began, a sync when it ended
    well."""
    begun = {}  # thread -> the first half of the call it is in
    for line in trace.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        thread, _, call, rest = match.groups()
        if rest.endswith("<unfinished ...>"):
            begun[thread] = rest
            if call == "pwrite64" and "-wal>" in rest:
                yield "write", line
            elif call in ("sendto", "sendmsg", "write", "writev") and '{\\"accepted\\":1' in rest:
                yield "answer", line
            continue
        resumed = " resumed>" in rest
        whole = begun.pop(thread, "") + rest if resumed else rest
        if call in ("fsync", "fdatasync") and "-wal>" in whole and whole.endswith(" = 0"):
            yield "sync", line
        elif call == "pwrite64" and "-wal>" in whole and not resumed:
            yield "write", line
        elif '{\\"accepted\\":1' in whole and not resumed:
            yield "answer", line
        elif "POST /ingest" in whole:
            yield "request", line


class OutOfOrder(Exception):
    pass


def check(trace, wanted):
    """The lines of the last exchange; raises OutOfOrder if an answer came too early."""
    state, right, shown = None, 0, []
    for what, line in events(trace):
        shown.append(line)
        if what == "request":
            state, shown = "arrived", [line]
        elif what == "write" and state in ("arrived", "synced"):
            # Behind a sync: of the next commit, which another thing (a tick's end) asked for.
            state = "written" if state == "arrived" else "synced"
        elif what == "sync" and state == "written":
            state = "synced"
        elif what == "answer":
            if state != "synced":
                raise OutOfOrder("an answer went out when its samples were %s:\n%s"
                                 % (state, "\n".join(shown)))
            state, right, last = None, right + 1, shown
    if right != wanted:
        raise OutOfOrder("%d answers in the trace, %d were received" % (right, wanted))
    return last


def may_trace(folder):
    if not shutil.which("strace"):
        return "strace is missing (Debian: strace)"
    done = subprocess.run(["strace", "-f", "-o", str(folder / "try"), "true"], capture_output=True,
                          text=True)
    return None if done.returncode == 0 else "strace may not trace here: " + done.stderr.strip()


def serve_and_send(options, folder):
    trace = folder / "trace"
    gateway = subprocess.Popen(
        ["strace", "-f", "-qq", "-ttt", "-y", "-s", "600", "-e", "trace=" + CALLS,
         "-o", str(trace), options.fleetwalld, "serve", "--listen", "127.0.0.1:0",
         "--data", str(folder / "data")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        host, port = gateway.stdout.readline().split()[1].rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        for k in range(options.messages):
            body = '{"machine":"M%d","time":%d,"rpm":%d}\n' % (k % 7, time.time() * 1000, k)
            connection.request("POST", "/ingest", body)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200 or b'"accepted":1' not in text:
                sys.exit("FAILED: %d %r" % (answer.status, text))
        connection.close()
    finally:
        # strace itself does not mind signals; what it runs does.
        children = Path("/proc/%d/task/%d/children" % (gateway.pid, gateway.pid)).read_text()
        for child in children.split():
            os.kill(int(child), signal.SIGTERM)
        gateway.communicate(timeout=30)
    return trace.read_text(errors="replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fleetwalld", required=True)
    parser.add_argument("--messages", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        why = may_trace(Path(name))
        if why:
            print("skipped: " + why)
            sys.exit(77)
        trace = serve_and_send(options, Path(name))
    try:
        last = check(trace, options.messages)
    except OutOfOrder as found:
        sys.exit("FAILED: %s" % found)
    try:  # does the check see a gateway that does not sync?
        check("\n".join(line for line in trace.splitlines() if "sync" not in line),
              options.messages)
        sys.exit("FAILED: the same trace without its syncs passes, too")
    except OutOfOrder:
        pass
    print("%d answers, each behind a sync of the log that followed its write; the last exchange:"
          % options.messages)
    for line in last:
        print("  " + re.sub(r'"(.{40}).*?"(\.\.\.)?', r'"\1"...', line)[:160])


if __name__ == "__main__":
    main()
