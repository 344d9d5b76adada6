"""One request to another machine: to a public address only, in a limited time, with a limited answer that is unpacked with care.

Addresses come from feeds and redirects, so they are hostile: a name is looked up once, each address that it stands for is checked, and the connection goes
to the address that was checked. `httpx` reads and joins addresses; the connection itself is `httpcore`'s, where a connection can be watched over.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

_MAPPED = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_CHUNK = 65_536


class Refused(Exception):
    """An address that isn't asked; its text says why."""


class TooLarge(Exception):
    """An answer with more bytes than are taken."""


class TimeUp(Exception):
    """An answer that isn't whole when its time is up, or nobody waits for it any longer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Keys of `headers` are in lower case; `data` is unpacked."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def is_public(address: str) -> bool:
    """True for the addresses of the open internet; those that wrap an IPv4 address are as public as that one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if wrapped is None and (ip in _MAPPED or ip in _COMPATIBLE):
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast and not (isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local)


def addresses(host: str, port: int) -> list[str]:
    """The addresses that a host's name stands for. Raises OSError where it stands for none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(str(error)) from error
    return list(dict.fromkeys(str(x[4][0]) for x in found))


def is_local(url: str) -> bool:
    """True where the address is one of this machine or its own network."""
    try:
        parts = httpx.URL(url)
        return not all(map(is_public, addresses(parts.raw_host.decode().strip("[]"), parts.port or 0)))
    except (OSError, ValueError, httpx.InvalidURL):
        return False


def ask(
    url: httpx.URL, headers: Mapping[str, str], *, largest: int, seconds: float, silence: float, local: bool, stopped: Callable[[], bool]
) -> Reply:
    """The reply to one GET, redirects not followed. `seconds` bound the whole, `silence` each wait for the next bytes. Raises Refused, TooLarge, TimeUp,
    and httpcore's errors where the connection fails."""
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused("only http and https addresses are asked")
    watch = _Deadline(time.monotonic() + seconds, silence, stopped)
    sent = [("Host", url.netloc.decode("ascii")), *headers.items(), ("Accept-Encoding", "gzip, deflate"), ("Connection", "close")]
    try:
        with (
            _pool(url, watch, local) as pool,
            pool.stream("GET", _target(url), headers=[(k.encode(), v.encode("utf-8")) for k, v in sent]) as answer,
        ):
            got = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in answer.headers}
            if int(got.get("content-length", "0") if got.get("content-length", "0").isdigit() else 0) > largest:
                raise TooLarge
            return Reply(answer.status, got, _whole(answer.iter_stream(), got.get("content-encoding", ""), largest))
    except httpcore.TimeoutException as error:
        raise TimeUp from error


def _target(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _whole(chunks: Iterable[bytes], coding: str, largest: int) -> bytes:
    """The body of a reply, unpacked, never more than `largest` bytes of it in memory. Raises TooLarge, and RemoteProtocolError for codings that weren't asked for."""
    coding = coding.strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise httpcore.RemoteProtocolError(f"its answer is packed in a way that wasn't asked for: {coding[:40]}")
    out = bytearray()
    for part in chunks if coding in ("", "identity") else _unpacked(chunks, largest):
        out += part
        if len(out) > largest:
            raise TooLarge
    return bytes(out)


def _unpacked(chunks: Iterable[bytes], largest: int) -> Iterator[bytes]:
    unpack: Any = None
    for chunk in chunks:
        if unpack is None and chunk:
            # Some servers send deflate without its two bytes of head.
            bare = chunk[:2] != b"\x1f\x8b" and (chunk[0] & 0x0F) != 8
            unpack = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
        while chunk:
            yield unpack.decompress(chunk, min(largest + 1, _CHUNK * 16))
            chunk = unpack.unconsumed_tail
    if unpack is not None:
        yield unpack.flush()


def _pool(url: httpx.URL, watch: _Deadline, local: bool) -> httpcore.ConnectionPool:
    """A connection to the address, through the machine's proxy where it has one; then the proxy looks names up, and only what can be seen from here is checked."""
    secure: ssl.SSLContext | None = httpx.create_ssl_context() if url.scheme == "https" else None
    proxy = getproxies().get(url.scheme)
    if not proxy or proxy_bypass(url.host):
        return httpcore.ConnectionPool(ssl_context=secure, network_backend=_Guarded(watch, local))
    if not local:
        with suppress(OSError):
            _checked(url.raw_host.decode("ascii").strip("[]"), url.port or 0)
    through = httpx.Proxy(proxy if "://" in proxy else f"http://{proxy}")
    auth = (through.raw_auth[0], through.raw_auth[1]) if through.raw_auth else None
    return httpcore.HTTPProxy(str(through.url), proxy_auth=auth, ssl_context=secure, network_backend=_Guarded(watch, local=True))


def _checked(host: str, port: int) -> list[str]:
    found = addresses(host, port)
    if not all(map(is_public, found)):
        raise Refused(f"{host} is an address of this machine or its own network")
    return found


@dataclass(frozen=True, slots=True)
class _Deadline:
    at: float
    silence: float
    stopped: Callable[[], bool]

    def left(self) -> float:
        """Seconds that the next wait may take. Raises TimeUp."""
        left = self.at - time.monotonic()
        if left <= 0 or self.stopped():
            raise TimeUp
        return min(left, self.silence)


class _Guarded(httpcore.NetworkBackend):
    """Connections to addresses that were looked up and checked here, under a deadline."""

    def __init__(self, watch: _Deadline, local: bool) -> None:
        self._watch, self._local, self._plain = watch, local, httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        try:
            found = addresses(host, port) if self._local else _checked(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} isn't known") from error
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in found:
            try:
                stream = self._plain.connect_tcp(address, port, self._watch.left(), local_address, socket_options)
                return _Watched(stream, self._watch)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class _Watched(httpcore.NetworkStream):
    """A stream under a deadline: a server that sends a byte now and then doesn't hold anybody for ever."""

    def __init__(self, stream: httpcore.NetworkStream, watch: _Deadline) -> None:
        self._stream, self._watch = stream, watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._watch.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._watch.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Watched(self._stream.start_tls(ssl_context, server_hostname, self._watch.left()), self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
