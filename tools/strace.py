"""Tell from lines of strace what reaches out of the machine, and what changes files elsewhere than it may."""

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
# Each process has a file of its own, in which no call is cut in two. A question mark: not every processor has the call.
OPTIONS = ("-ff", "-qq", "-y", "--seccomp-bpf", "-s", "4096", "-e", "signal=none")
OPTIONS += ("-e", "trace=" + ",".join(f"?{call}" for call in (*_OPEN, *_CHANGE, *_SEND)))

_CALL = re.compile(r"(\w+)\((.*)\) += (-1 \w+|\S+)")
_WRITES = re.compile(r"\bO_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)\b")
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
_ADDRESS = re.compile(r'htons\((\d+)\).*?(?:inet_addr\(|AF_INET6, )"([^"]+)"')
_FAMILIES = ("AF_UNIX", "AF_NETLINK", "AF_UNSPEC")  # of this machine: processes, the kernel, and none
_LOOK_UP = re.compile(r"/etc/resolv\.conf|/run/(systemd/resolve|avahi)")  # who asks these wants the address of a name
_DOMAIN = 53
_DEVICES = re.compile(r"/dev/(null|tty|pts/\d+)|/proc/(self|\d+)/.+")


def findings(lines: Iterable[str], writable: Sequence[Path], home: Path) -> Iterator[str]:
    """Give the lines that tell of what is not allowed; relative paths are from `home`."""
    for line in lines:
        match = _CALL.match(line)
        if match and _is_wrong(match[1], match[2], match[3], writable, home):
            yield line.strip()


def _is_wrong(call: str, arguments: str, result: str, writable: Sequence[Path], home: Path) -> bool:
    if call in _SEND:
        return _leaves(arguments)
    paths = [_path(*match, home) for match in _PATH.findall(arguments)]
    if call in _OPEN:
        if _LOOK_UP.fullmatch(paths[0]):
            return True
        if not _WRITES.search(arguments):
            return False
        paths = paths[:1]
    elif call.startswith("symlink"):
        paths = paths[-1:]
    elif call.startswith("mkdir") and result == "-1 EEXIST":
        return False  # it only made sure
    return not all(
        _DEVICES.fullmatch(path) or any(Path(path).is_relative_to(each) for each in writable) for path in paths
    )


def _leaves(arguments: str) -> bool:
    """Whether a call names an address elsewhere, or of what knows addresses."""
    for family in re.findall(r"sa_family=(\w+)", arguments):
        if family not in ("AF_INET", "AF_INET6", *_FAMILIES):
            return True
    if _LOOK_UP.search(arguments):
        return True
    return any(int(port) == _DOMAIN or not _is_here(address) for port, address in _ADDRESS.findall(arguments))


def _is_here(address: str) -> bool:
    found = ip_address(address)
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def _path(folder: str, name: str, home: Path) -> str:
    """Return a path as the system takes it, without links being followed."""
    folder, name = (os.fsdecode(text.encode().decode("unicode_escape").encode("latin-1")) for text in (folder, name))
    return os.path.normpath(home / folder / name)
