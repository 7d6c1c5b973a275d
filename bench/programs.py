"""The programs that are measured and those that they are measured beside, each pinned to one core.

Everything runs on loopback, in a folder of its own, and is stopped when its `with` block ends.
"""

import base64
import contextlib
import getpass
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import time
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
BUILT = BENCH.parent / "build" / "release"
SERVER_CORE, LOAD_CORE = "0", "1"
READY_WITHIN_S = 120
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")


def pinned(core, command):
    return ["taskset", "-c", core, *map(str, command)]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(port):
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nobody listens on {port}")


class Running:
    """A process that is gone when its block ends."""

    process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(60)
        self.process = None


class IoCounts:
    """What count_io.so has counted so far."""

    def __init__(self, path):
        self.path = path
        path.unlink(missing_ok=True)

    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(BUILT / "bench" / "count_io.so"), "COUNT_IO": str(self.path)}

    def read(self):
        syncs, writes, written = struct.unpack("<QQQ", self.path.read_bytes())
        return {"syncs": syncs, "writes": writes, "bytes": written}


class Disburse(Running):
    def __init__(self, folder, count_io=False, options=(), core=SERVER_CORE):
        self.folder, self.options, self.core = folder, options, core
        self.counts = IoCounts(folder.with_suffix(".io")) if count_io else None
        self.log = folder.with_suffix(".log")
        self.start()

    def start(self):
        """Answers with the seconds until it was ready."""
        environment = self.counts.environment() if self.counts else None
        begun = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                pinned(self.core, [BUILT / "disburse", "serve", "--sandbox", "--listen", "127.0.0.1:0", "--data", self.folder,
                                   *self.options]),
                stdout=log, stderr=subprocess.STDOUT, env=environment)
        while "disburse ready on" not in self.log.read_text(errors="replace"):
            if self.process.poll() is not None or time.monotonic() - begun > READY_WITHIN_S:
                raise RuntimeError(f"disburse did not start: {self.log.read_text()}")
            time.sleep(0.005)
        self.ready_after = time.monotonic() - begun
        self.sandbox = json.loads((self.folder / "sandbox.json").read_text())
        self.url = self.log.read_text().split("disburse ready on ")[1].split()[0]

    def environment(self):
        razorpay = self.sandbox["razorpay"]
        user = f"{razorpay['key_id']}:{razorpay['key_secret']}".encode()
        return {
            "BENCH_WRK": str(BENCH / "wrk"),
            "BENCH_AUTHORIZATION": "Basic " + base64.b64encode(user).decode(),
            "BENCH_ACCOUNT": razorpay["account_number"],
            "BENCH_RUN": str(time.time_ns()),
        }

    def call(self, method, path, body=None, authorization=None):
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", authorization or self.environment()["BENCH_AUTHORIZATION"])
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        with urllib.request.urlopen(request, timeout=600) as answer:
            return answer.read().decode()

    def create_link(self):
        razorpay = self.sandbox["razorpay"]
        return json.loads(self.call("POST", "/v1/payout-links", {
            "account_number": razorpay["account_number"], "amount": 1000, "currency": "INR", "purpose": "refund",
            "description": "Refund", "send_sms": False,
            "contact": {"name": "Gaurav Kumar", "contact": "9000090000", "email": "gaurav.kumar@example.com",
                        "type": "customer"}}))

    def metric(self, name):
        for line in self.call("GET", "/metrics").splitlines():
            if line.startswith(f"disburse_{name} "):
                return float(line.split()[1])
        raise KeyError(name)

    def resident_mb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return round(int(line.split()[1]) / 1024, 1)
        raise RuntimeError("the server is gone")

    def store_mb(self):
        return round(sum(f.stat().st_size for f in self.folder.iterdir() if f.is_file()) / 2**20, 1)


def fill(folder, links, ids=None, expires_at_ms=None, store=None):
    """Links into the store of a server that is stopped; the fill may use both cores."""
    command = [BUILT / "bench" / "disburse_fill", folder, links]
    command += [ids] if ids else ["/dev/null"]
    command += [expires_at_ms] if expires_at_ms else []
    environment = {**os.environ, "DISBURSE_FILL_STORE": store} if store else None
    subprocess.run(list(map(str, command)), check=True, env=environment)


class Nginx(Running):
    """Answers everything with the same body, from memory, and counts."""

    def __init__(self, folder, body):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        (folder / "body.json").write_text(body)
        quoted = body.replace("\\", "\\\\").replace("'", "\\'").replace("$", "${dollar}")
        (folder / "nginx.conf").write_text(f"""
            daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 4096; }}
            http {{
              access_log off; keepalive_requests 1000000000; server_tokens on;
              geo $dollar {{ default "$"; }}
              client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
              uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
              server {{
                listen 127.0.0.1:{self.port} backlog=4096;
                location = /bench-count {{ stub_status; }}
                location / {{ default_type application/json; return 200 '{quoted}'; }}
              }}
            }}""")
        self.process = subprocess.Popen(pinned(SERVER_CORE, ["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf"]),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port)
        self.url = f"http://127.0.0.1:{self.port}"

    def requests(self):
        with urllib.request.urlopen(self.url + "/bench-count", timeout=60) as answer:
            return int(answer.read().decode().splitlines()[2].split()[2])


class Postgres(Running):
    """Debian's PostgreSQL with its defaults (fsync on, synchronous_commit on)."""

    def __init__(self, folder, count_io=False):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.port, self.folder = free_port(), folder
        self.counts = IoCounts(folder.with_suffix(".io")) if count_io else None
        self.as_user = []
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]
            if self.counts:
                self.counts.path.touch()
                self.counts.path.chmod(0o666)
        self.user = "postgres" if self.as_user else getpass.getuser()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder}
        subprocess.run([*self.as_user, POSTGRES / "initdb", "-D", folder / "data", "-A", "trust", "-U", self.user], **quiet)
        environment = self.counts.environment() if self.counts else None
        self.process = subprocess.Popen(
            pinned(SERVER_CORE, [*self.as_user, POSTGRES / "postgres", "-D", folder / "data", "-p", self.port,
                                 "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}",
                                 "-c", "max_connections=300"]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, env=environment)
        wait_for_port(self.port)
        while subprocess.run(self.psql("select 1"), capture_output=True).returncode != 0:
            time.sleep(0.1)

    def psql(self, sql):
        return [POSTGRES / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-qAt", "-c", sql, "postgres"]

    def run(self, sql):
        return subprocess.run(self.psql(sql), check=True, capture_output=True, text=True).stdout

    def url(self, database="postgres"):
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}"

    def pgbench(self, script, connections, seconds):
        """Transactions a second, and percentiles from pgbench's own log."""
        log = self.folder.parent / "pgbench-log"
        for old in log.parent.glob(log.name + "*"):
            old.unlink()
        done = subprocess.run(
            pinned(LOAD_CORE, [POSTGRES / "pgbench", "-h", "127.0.0.1", "-p", self.port, "-U", self.user, "-n", "-M", "prepared",
                               "-c", connections, "-j", 1, "-T", seconds, "-f", script, "--log", f"--log-prefix={log}", "postgres"]),
            check=True, capture_output=True, text=True).stdout
        rate = next((float(line.split()[2]) for line in done.splitlines() if line.startswith("tps =")), None)
        if rate is None:
            raise RuntimeError(f"pgbench did nothing in {seconds} s: {done}")
        times = sorted(int(line.split()[2]) for part in log.parent.glob(log.name + "*")
                       for line in part.read_text().splitlines())
        return {"per_second": rate, "p50_us": times[len(times) // 2], "p99_us": times[len(times) * 99 // 100],
                "requests": len(times)}

    def stop(self, how=signal.SIGINT):
        if self.process is None:
            return
        pid = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, how)
        self.process.wait(60)
        self.process = None


def wrk(url, script, connections, seconds, environment, threads=1):
    """One round of load from the other core."""
    done = subprocess.run(
        pinned(LOAD_CORE, ["wrk", "-t", threads, "-c", connections, "-d", f"{seconds}s", "--timeout", "10s", "-s",
                           BENCH / "wrk" / script, url]),
        env={**os.environ, **environment, "BENCH_THREADS": str(threads)}, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[len("RESULT "):])
    raise RuntimeError(f"wrk said: {done.stdout}{done.stderr}")


def append_loop(folder, record_bytes, group, seconds):
    file = folder / "append.log"
    done = subprocess.run(pinned(SERVER_CORE, [BUILT / "bench" / "append_loop", file, record_bytes, group, seconds]),
                          check=True, capture_output=True, text=True).stdout
    file.unlink()
    return json.loads(done)
