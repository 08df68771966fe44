#!/usr/bin/env python3
"""promtool over /metrics of a real gateway, over the alert rules, and over their tests.

promtool is taken from PATH, else from TOOLS, else unpacked into TOOLS from Debian's package
`prometheus` without installing that (it would start a service). Standard library only. Exit code
0, 1, or 77: there is no promtool to be had.
"""
import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
FETCH_S = 60


def promtool(tools):
    """Path of promtool, or None."""
    found = shutil.which("promtool") or shutil.which("promtool", path=str(tools / "usr/bin"))
    if found or not (shutil.which("apt-get") and shutil.which("dpkg")):
        return found
    tools.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", "prometheus"], cwd=tools, check=True,
                       timeout=FETCH_S, capture_output=True)
        for package in tools.glob("prometheus_*.deb"):
            subprocess.run(["dpkg", "-x", str(package), str(tools)], check=True)
            package.unlink()
    except (subprocess.SubprocessError, OSError):
        return None
    return shutil.which("promtool", path=str(tools / "usr/bin"))


def page_of_a_gateway(fleetwalld):
    """/metrics after good and bad lines, with a store."""
    with tempfile.TemporaryDirectory() as folder:
        daemon = subprocess.Popen([fleetwalld, "serve", "--listen", "127.0.0.1:0", "--data", folder],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            url = "http://" + daemon.stdout.readline().split()[1]
            body = '{"machine":"a","time":%d,"rpm":900,"gear":99}\nnothing\n' % (time.time() * 1000)
            urllib.request.urlopen(url + "/ingest", body.encode(), timeout=10).read()
            with urllib.request.urlopen(url + "/metrics", timeout=10) as answer:
                return answer.headers["Content-Type"], answer.read()
        finally:
            daemon.terminate()
            daemon.wait()
            daemon.stdout.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fleetwalld", required=True)
    parser.add_argument("--tools", type=Path, default=SOURCE / "build/tools")
    options = parser.parse_args()
    tool = promtool(options.tools)
    if not tool:
        print("skipped: no promtool in PATH, and Debian's package prometheus cannot be fetched")
        sys.exit(77)
    kind, page = page_of_a_gateway(options.fleetwalld)
    failed = []
    if not kind.startswith("text/plain; version=0.0.4"):
        failed.append("/metrics is of type " + kind)
    rules = SOURCE / "assets/prometheus/fleetwall.rules.yml"
    for arguments, given in ((["check", "metrics"], page), (["check", "rules", str(rules)], None),
                             (["test", "rules", str(rules.name).replace(".yml", ".test.yml")], None)):
        done = subprocess.run([tool, *arguments], input=given, capture_output=True,
                              cwd=SOURCE / "tests/prometheus")
        print("promtool", *arguments, "->", done.returncode)
        print(done.stdout.decode() + done.stderr.decode())
        # `check metrics` says what it does not like and exits with 3.
        if done.returncode or (given and (done.stdout or done.stderr)):
            failed.append("promtool " + " ".join(arguments))
    if failed:
        sys.exit("FAILED: " + "; ".join(failed))


if __name__ == "__main__":
    main()
