"""Two network namespaces, joined by a wire that delays and loses packets; needs root.

The kernel's netem is not needed: this process carries the packets from one end to the other.
"""

import fcntl
import heapq
import random
import select
import socket
import struct
import subprocess
import time
from array import array

ADDRESSES = {"robot": "10.99.0.1", "station": "10.99.0.2"}
_WIRE = "wire"
_ETHERNET = 0x0003
_OUTGOING = 4
_SIOCETHTOOL = 0x8946
_CHECKSUMS, _SEGMENTS = 0x17, 0x24


def ip(*arguments: str) -> None:
    """Run ip of iproute2."""
    subprocess.run(["ip", *arguments], check=True)


def set_up() -> None:
    """Create the namespaces; ``in_namespace`` runs commands in them."""
    tear_down()
    ip("netns", "add", _WIRE)
    for name, address in ADDRESSES.items():
        ip("netns", "add", name)
        peer = ["type", "veth", "peer", "name", name, "netns", _WIRE]
        ip("link", "add", "eth0", "netns", name, *peer)
        ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", name, "link", "set", "eth0", "up", "multicast", "on")
        ip("-n", _WIRE, "link", "set", name, "up", "promisc", "on")


def tear_down() -> None:
    """Remove the namespaces."""
    for name in (_WIRE, *ADDRESSES):
        subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL)


def in_namespace(name: str, command: list[str]) -> list[str]:
    """Return the command that runs another one on a machine, with shared memory of its own."""
    shell = 'mount -t tmpfs tmpfs /dev/shm && exec "$@"'
    return ["ip", "netns", "exec", name, "unshare", "-m", "sh", "-c", shell, "sh", *command]


def forget_fragments_early(name: str) -> None:
    """Give a machine the settings of the kernel that ROS 2 recommends for lossy networks.

    Fragments of messages that lost one stay for 30 s by default, and fill the memory for them.
    """
    for setting, value in (("ipfrag_time", 3), ("ipfrag_high_thresh", 134217728)):
        shell = f"echo {value} > /proc/sys/net/ipv4/{setting}"
        subprocess.run(["ip", "netns", "exec", name, "sh", "-c", shell], check=True)


def without_offloads(device: str) -> None:
    """Let the kernel complete packets before they are carried: checksums, size."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for setting in (_CHECKSUMS, _SEGMENTS):
            value = array("B", struct.pack("II", setting, 0))
            request = struct.pack("16sP", device.encode(), value.buffer_info()[0])
            fcntl.ioctl(control, _SIOCETHTOOL, request)


def carry(delay_s: float, loss: float) -> None:
    """Carry packets in both directions until the process is ended."""
    ends = {}
    for name in ADDRESSES:
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETHERNET))
        end.bind((name, _ETHERNET))
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        ends[name] = end
    first, second = ends.values()
    other = {first: second, second: first}
    chance, underway, number = random.Random(0), [], 0
    while True:
        due_s = underway[0][0] - time.monotonic() if underway else 1.0
        ready, _, _ = select.select(list(other), [], [], max(0.0, due_s))
        for end in ready:
            packet, address = end.recvfrom(65536)
            if address[2] != _OUTGOING and chance.random() >= loss:
                number += 1
                entry = (time.monotonic() + delay_s, number, packet, other[end])
                heapq.heappush(underway, entry)
        while underway and underway[0][0] <= time.monotonic():
            _, _, packet, end = heapq.heappop(underway)
            end.send(packet)
