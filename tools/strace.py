"""Find in the output of strace which calls leave the machine, and which change files outside the allowed folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path

_OPEN = ("open", "openat", "openat2")
_CHANGE = (
    *("creat", "mkdir", "mkdirat", "mknod", "mknodat", "rmdir", "unlink", "unlinkat", "truncate"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"),
    *("chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "utime", "utimes", "futimesat", "utimensat"),
)
_SEND = ("connect", "sendto", "sendmsg", "sendmmsg")
# strace writes a file for each process, so that no call is split. A question mark: not every processor has the call.
_TRACE = "trace=" + ",".join(f"?{call}" for call in (*_OPEN, *_CHANGE, *_SEND))
OPTIONS = ("-ff", "-qq", "-y", "--seccomp-bpf", "-s", "4096", "-e", "signal=none", "-e", _TRACE)

_CALL = re.compile(r"(\w+)\((.*)\) += (-1 \w+|.+)")
_WRITES = re.compile(r"\bO_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)\b")
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
_ADDRESS = re.compile(r'htons\((\d+)\).*?(?:inet_addr\(|AF_INET6, )"([^"]+)"')
_FAMILIES = {"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_UNSPEC"}  # the last three stay on this machine
# Reading these files, or connecting to these sockets, means looking up the address of a name.
_LOOK_UP_FILE, _LOOK_UP_SOCKET = "/etc/resolv.conf", re.compile(r'sun_path="(/var)?/run/(systemd/resolve|avahi)')
_DOMAIN = 53
# Not files on a disk: devices, the kernel's file systems, and semaphores, which joblib creates when it is imported.
_DEVICES = re.compile(r"/dev/(null|tty|pts/\d+|shm/sem\.[\w-]+)|/proc/(self|\d+)/.+")


def findings(lines: Iterable[str], writable: Sequence[Path], home: Path) -> Iterator[str]:
    """Yield the lines of calls that are not allowed; relative paths start at `home`."""
    for line in lines:
        match = _CALL.match(line)
        if match and _is_wrong(match[1], match[2], match[3], writable, home):
            yield line.strip()


def _is_wrong(call: str, arguments: str, result: str, writable: Sequence[Path], home: Path) -> bool:
    if call in _SEND:
        return _leaves(arguments)
    paths = [_path(match[1] or "", match[2], home) for match in _PATH.finditer(arguments)]
    if call in _OPEN:
        if _LOOK_UP_FILE in paths:
            return True
        if not _WRITES.search(arguments):
            return False
        if opened := re.fullmatch(r"\d+<(.*)>", result):  # the path with links resolved
            paths = [opened[1]]
    elif call.startswith("symlink"):
        paths = paths[-1:]
    elif call.startswith("mkdir") and result == "-1 EEXIST":
        return False  # it only checked that the folder exists
    return not all(
        _DEVICES.fullmatch(path) or any(Path(path).is_relative_to(each) for each in writable) for path in paths
    )


def _leaves(arguments: str) -> bool:
    """Return whether a call names an address outside this machine, or a resolver of addresses."""
    families = set(re.findall(r"\{sa_family=(\w+)", arguments))
    if families - _FAMILIES or _LOOK_UP_SOCKET.search(arguments):
        return True
    return any(int(port) == _DOMAIN or not _is_here(address) for port, address in _ADDRESS.findall(arguments))


def _is_here(address: str) -> bool:
    found = ip_address(address)
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def _path(folder: str, name: str, home: Path) -> str:
    """Return a path as the system interprets it, without following links."""
    folder, name = (os.fsdecode(text.encode().decode("unicode_escape").encode("latin-1")) for text in (folder, name))
    return os.path.normpath(home / folder / name)
