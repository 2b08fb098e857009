"""Lines as strace writes them, and what it says of a program that does all that is not allowed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.strace import OPTIONS, findings

HOME = Path("/srv/home")
WRITABLE = [Path("/srv/data"), Path("/tmp/run")]

ALLOWED = [
    'openat(AT_FDCWD</srv/home>, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3</etc/passwd>',
    'openat(AT_FDCWD</srv/home>, "/srv/data/CURRENT", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = 3</srv/data/CURRENT>',
    'openat(AT_FDCWD</tmp/run>, "a", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 3</tmp/run/a>',
    'openat(7</srv/data/words>, "../CURRENT", O_WRONLY) = 3',
    'openat(AT_FDCWD</srv/home>, "/dev/null", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</dev/null>',
    'openat(AT_FDCWD</srv/home>, "/dev/tty", O_RDWR|O_NONBLOCK) = -1 ENXIO (No such device or address)',
    'openat(AT_FDCWD</srv/home>, "/proc/self/oom_score_adj", O_WRONLY) = 3',
    'link("/dev/shm/sem.IMQ2Sv", "/dev/shm/sem.joblib-12-jodhjyr_") = 0',
    'mkdir("/srv", 0777)                     = -1 EEXIST (File exists)',
    'mkdir("/srv/data", 0777)                = 0',
    'rename("/srv/data/CURRENT.new", "/srv/data/CURRENT") = 0',
    'symlink("/srv/articles/words", "/tmp/run/words") = 0',
    'unlinkat(5</tmp/run>, "x", AT_REMOVEDIR) = 0',
    "utimensat(5</srv/data/x>, NULL, NULL, 0) = 0",
    'connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="/run/systemd/notify"}, 21) = 0',
    'connect(3<socket:[1]>, {sa_family=AF_UNSPEC, sa_data="\\0"}, 16) = 0',
    'connect(4<socket:[1]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.2")}, 16) = 0',
    "connect(4<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), "
    'inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ECONNREFUSED (Connection refused)',
    "connect(4<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), "
    'inet_pton(AF_INET6, "::ffff:127.0.0.1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    'sendto(4<socket:[1]>, "GET / HTTP/1.1\\r\\n", 16, 0, NULL, 0) = 16',
    'sendto(4<socket:[1]>, "htons(53), inet_addr(\\"192.0.2.1\\")", 16, 0, NULL, 0) = 16',
    'sendto(4<socket:[1]>, "x", 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20',
    "+++ exited with 0 +++",
]
FORBIDDEN = [
    'openat(AT_FDCWD</srv/home>, "x", O_WRONLY|O_CREAT, 0666) = 3</srv/home/x>',
    'openat(AT_FDCWD</srv/home>, "/root/.cache/id", O_RDWR) = -1 ENOENT (No such file or directory)',
    'openat(AT_FDCWD</srv/home>, "/srv/data/../x", O_WRONLY|O_APPEND) = 3',
    'openat(AT_FDCWD</srv/home>, "/srv/database", O_WRONLY) = 3',
    'openat(AT_FDCWD</srv/home>, "/etc", O_RDWR|O_TMPFILE, 0600) = 3',
    'openat(AT_FDCWD</srv/home>, "/etc/resolv.conf", O_RDONLY|O_CLOEXEC) = 3</etc/resolv.conf>',
    'openat(AT_FDCWD</srv/home>, "/srv/data/link", O_WRONLY) = 3</srv/articles/a story.txt>',
    'open("\\321\\217", O_WRONLY|O_CREAT, 0666) = 3',
    'creat("/var/log/x", 0666)               = 3',
    'mkdir("/root/.cache", 0777)             = 0',
    'rename("/srv/data/x", "/srv/x")         = 0',
    'renameat2(AT_FDCWD</srv/home>, "/etc/x", AT_FDCWD</srv/home>, "/srv/data/x", 0) = 0',
    'symlink("/srv/data", "/root/link")      = 0',
    'unlink("/dev/shm/pages")                = 0',
    'unlinkat(5</srv/home>, "x", 0)          = 0',
    'chmod("/etc/x", 0600)                   = 0',
    'connect(4<socket:[1]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 '
    "EINPROGRESS (Operation now in progress)",
    'connect(4<socket:[1]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
    "connect(4<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
    'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    'connect(4<socket:[1]>, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0',
    "connect(4<socket:[1]>, {sa_family=AF_VSOCK, svm_cid=0x2, svm_port=0x400}, 16) = 0",
    'sendto(5<socket:[1]>, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}, 16) = 1',
    "sendmmsg(5<socket:[1]>, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(9), "
    'sin_addr=inet_addr("192.0.2.1")}, msg_namelen=16, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1}}], 1, 0) = 1',
]


@pytest.mark.parametrize("line", ALLOWED)
def test_what_is_allowed(line: str) -> None:
    assert list(findings([line], WRITABLE, HOME)) == []


@pytest.mark.parametrize("line", FORBIDDEN)
def test_what_is_not_allowed(line: str) -> None:
    assert list(findings([line], WRITABLE, HOME)) == [line]


DOES_IT_ALL = """
import os, socket
open("in", "w").close(); open("../out", "w").close(); os.rename("../out", "../moved"); os.unlink("../moved")
socket.socket().connect_ex(("127.0.0.1", 9))
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.connect(("192.0.2.1", 9))  # which sends nothing
if not os.fork():
    os.mkdir("../made")
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not shutil.which("strace"), reason="no strace here")
def test_what_strace_says_of_a_program_and_its_child(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    traces = tmp_path / "trace"
    command = ["strace", *OPTIONS, "-o", str(traces), sys.executable, "-B", "-S", "-c", DOES_IT_ALL]
    run = subprocess.run(command, cwd=inside, capture_output=True, text=True, check=False)
    if "PTRACE" in run.stderr:
        pytest.skip("strace may not look on here")
    assert run.returncode == 0, run.stderr
    lines = [line for path in sorted(tmp_path.glob("trace.*")) for line in path.read_text().splitlines()]
    found = [line.split("(")[0] for line in findings(lines, [inside], inside)]
    assert sorted(found) == ["connect", "mkdir", "openat", "rename", "unlink"]
