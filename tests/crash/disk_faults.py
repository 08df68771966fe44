#!/usr/bin/env python3
"""The gateway over a disk that fails: what is acknowledged is there, and it says what is wrong.

One scenario after the other, each with a gateway that is under ingest all the time:
  sync    every fsync and fdatasync fails with EIO for some seconds, now and then (strace)
  kill    the same, and kill -9 in the middle of it
  readonly  so does every write with EROFS, as after ext4 gave up on a disk (strace; a mount that
          has open files cannot be made read-only from outside)
  full    the folder is on a tmpfs of 8 MiB that a foreign file fills up, then leaves (root)
While the disk fails: no 200, /healthz 503 with a reason, fleetwall_store_healthy 0, the heartbeat's
trouble says why. Afterwards all is well again within 10 s, every acknowledged sample is stored
exactly once, `verify` is clean. What cannot be tried here is skipped with its reason. Exit code 0,
1, or 77: a package is missing.

    tests/crash/disk_faults.py --fleetwalld build/bin/fleetwalld
"""
import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kill_nine import Daemon, read_answer  # noqa: E402  (skips where a package is missing)
import websockets  # noqa: E402
from day_files import read_folder, require  # noqa: E402
from senders import Ledger, Sender, differences  # noqa: E402

CURED_S = 10
FAULT_S = 4  # how long a fault lasts: several retries of the store


class Gateway(Daemon):
    """A Daemon, and what it says of itself."""

    async def page(self, path):
        host, port = self.address.rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path.encode(), self.address.encode()))
        answer = await read_answer(reader)
        writer.close()
        return answer

    async def speaks(self, pb, wanted):
        """The trouble told by the heartbeats of a new viewer, once there is or is not any."""
        async with websockets.connect("ws://%s/feed" % self.address, max_size=65_792) as socket:
            ask = pb.ClientMessage()
            ask.subscribe.major = 1
            await socket.send(ask.SerializeToString())
            end = time.monotonic() + 3
            while True:
                require(time.monotonic() < end, "for 3 s no heartbeat %s a trouble"
                        % ("told" if wanted else "without"))
                message = pb.ServerMessage.FromString(await asyncio.wait_for(socket.recv(), 5))
                beat = message.heartbeat
                if message.WhichOneof("message") == "heartbeat" and not beat.HasField("hash"):
                    if bool(beat.trouble) == wanted:
                        return beat.trouble


async def until(what, ask):
    end = time.monotonic() + CURED_S
    while not await ask():
        require(time.monotonic() < end, "%s: not within %d s" % (what, CURED_S))
        await asyncio.sleep(0.1)


async def healthy(gateway, wanted):
    status, body = await gateway.page("/healthz")
    _, metrics = await gateway.page("/metrics")
    shown = b"\nfleetwall_store_healthy 1\n" in metrics
    if (status == 200) == wanted == shown:
        return body.decode() or True
    return False


async def scenario(pb, options, folder, break_it, cure, kill=False):
    """Breaks and cures the disk under a gateway that senders feed; three times."""
    ledger = Ledger()
    senders = [Sender(ledger, "kept%d" % k, k, k % 2 == 0) for k in range(3)]
    reasons = set()
    gateway = Gateway(options, folder, "+08:00")
    await gateway.serve()
    tasks = [asyncio.create_task(s.run(gateway.address)) for s in senders]
    try:
        for _ in range(3):
            await asyncio.sleep(1)
            break_it(gateway)
            await until("503", lambda: healthy(gateway, False))
            answers = ledger.answers
            reasons.add((await healthy(gateway, False)) or "?")
            text = await gateway.speaks(pb, True)
            await asyncio.sleep(FAULT_S)
            require(ledger.answers == answers, "%d messages were acknowledged by a disk that fails"
                    % (ledger.answers - answers))
            if kill:
                gateway.kill()
                await asyncio.wait_for(asyncio.gather(*tasks), 10)
                cure(gateway)
                gateway = Gateway(options, folder, "+08:00")
                await gateway.serve()
                tasks = [asyncio.create_task(s.run(gateway.address)) for s in senders]
            else:
                cure(gateway)
            await until("cured", lambda: healthy(gateway, True))
            await gateway.speaks(pb, False)
            await until("acknowledgements", lambda: asyncio.sleep(0, ledger.answers > answers))
        gateway.kill()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)
    finally:
        gateway.kill()
    store = read_folder(pb, folder / "data")
    found = ledger.problems + differences(ledger, store)
    require(not found, "%d findings:\n%s" % (len(found), "\n".join(found[:20])))
    done = subprocess.run([options.fleetwalld, "verify", "--data", str(folder / "data")],
                          capture_output=True, text=True)
    require(done.returncode == 0, done.stdout + done.stderr)
    print("  %d samples acknowledged, %d refusals; %s\n  %s\n  heartbeat: %s" % (
        len(ledger.acknowledged), ledger.refused, done.stdout.strip(),
        "\n  ".join(sorted(reason.strip() for reason in reasons)), text))


class Strace:
    """Lets some system calls of a process fail: "calls:error=..."."""

    def __init__(self, calls, error):
        self.calls, self.error, self.process = calls, error, None

    def break_it(self, gateway):
        self.process = subprocess.Popen(
            ["strace", "-f", "-q", "-o", "/dev/null", "-p", str(gateway.process.pid),
             "-e", "trace=" + self.calls, "-e", "inject=%s:error=%s" % (self.calls, self.error)],
            stderr=subprocess.DEVNULL)

    def cure(self, _):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None


class SmallDisk:
    """A tmpfs of 8 MiB on the data folder."""

    def __init__(self, folder):
        self.at = folder / "data"
        self.at.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(self.at)], check=True)

    def fill(self, _):
        with open(self.at / "ballast", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def empty(self, _):
        (self.at / "ballast").unlink()

    def gone(self):
        subprocess.run(["umount", str(self.at)], check=True)


def may_mount():
    if os.geteuid() != 0:
        return "mounting a small disk needs root"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder],
                              capture_output=True, text=True)
        if done.returncode:
            return "no tmpfs can be mounted here: " + done.stderr.strip()
        subprocess.run(["umount", folder], check=True)
    return None


def run(name, pb, options, folder):
    folder.mkdir()
    disk = strace = None
    try:
        if name == "full":
            disk = SmallDisk(folder)
            hurt, cure = disk.fill, disk.empty
        else:
            strace = (Strace("fsync,fdatasync,pwrite64,ftruncate", "EROFS") if name == "readonly"
                      else Strace("fsync,fdatasync", "EIO"))
            hurt, cure = strace.break_it, strace.cure
        asyncio.run(scenario(pb, options, folder, hurt, cure, kill=name == "kill"))
    finally:
        if strace:
            strace.cure(None)
        if disk:
            disk.gone()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fleetwalld", required=True)
    parser.add_argument("--protoc", default="protoc")
    parser.add_argument("only", nargs="*", help="sync kill readonly full")
    options = parser.parse_args()
    options.fleetwalld = str(Path(options.fleetwalld).resolve())
    source = str(Path(__file__).resolve().parents[2])
    without = {"sync": None if shutil.which("strace") else "strace is missing"}
    without["kill"] = without["readonly"] = without["sync"]
    without["full"] = may_mount()
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([options.protoc, "-I", source, "--python_out", name,
                        source + "/net/proto/feed.proto"], check=True)
        sys.path.insert(0, name)
        from net.proto import feed_pb2
        for which in options.only or without:
            if without[which]:
                print("%s: skipped: %s" % (which, without[which]))
                continue
            print(which)
            folder = Path(name) / which
            try:
                run(which, feed_pb2, options, folder)
            except Exception as error:
                sys.exit("FAILED: %s: %s %s\nend of the gateway's log:\n%s" % (
                    which, type(error).__name__, error,
                    (folder / "gateway.log").read_text()[-4000:]))
    print("no acknowledgement of a disk that failed, and none lost")


if __name__ == "__main__":
    main()
