"""How much mail comes, from whom and for whom, and who guesses addresses: in a fixed part of memory.

A restart forgets all of it: what is put off is put off for a while only, and a sender that comes back is never lost.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from liasse.mailgate.limits import Limits

type Clock = Callable[[], float]
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOCAL = "unix"
"""The peer of a Unix socket."""

MINUTE = 60.0
HOUR = 3600.0
DAY = 24 * HOUR
_KEYS_REMEMBERED = 10_000
_TRIES_REMEMBERED = 20_000


class Window:
    """Counts events of many keys in a window of time that slides; the keys longest unheard of are forgotten first."""

    def __init__(self, *, most: int, seconds: float, clock: Clock = time.monotonic) -> None:
        """Bear with ``most`` events a key in any ``seconds``; 0 bears with any number."""
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        """Count the keys that are remembered."""
        return len(self._times)

    def note(self, key: str) -> int:
        """Count one event; gives how many there were in the window, at most one more than is borne with."""
        if not self._most:
            return 0
        times = self._times.setdefault(key, deque(maxlen=self._most + 1))
        self._times.move_to_end(key)
        if len(self._times) > _KEYS_REMEMBERED:
            self._times.popitem(last=False)
        times.append(self._clock())
        return self._recent(times)

    def is_full(self, key: str) -> bool:
        """Tell whether one more event would be too many; nothing is counted."""
        times = self._times.get(key)
        return bool(self._most and times) and self._recent(times or deque()) >= self._most

    def _recent(self, times: deque[float]) -> int:
        begin = self._clock() - self._seconds
        while times and times[0] <= begin:
            times.popleft()
        return len(times)


class Greylist:
    """Peers that guessed addresses; for a day, what they bring must be brought twice, with a pause between.

    A mail server does that by itself, and loses nothing; those that try out addresses mostly do not.
    """

    def __init__(self, *, pause: float, clock: Clock = time.monotonic) -> None:
        """Take what comes again after this many seconds."""
        self._pause = pause
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()
        self._tries: OrderedDict[int, float] = OrderedDict()

    def add(self, peer: str) -> None:
        """Put a peer on the list for a day from now."""
        self._until[peer] = self._clock() + DAY
        self._until.move_to_end(peer)
        if len(self._until) > _KEYS_REMEMBERED:
            self._until.popitem(last=False)

    def puts_off(self, peer: str, *, sender: str, recipient: str) -> bool:
        """Tell whether this sender must come back with mail for this recipient; known or not, the same."""
        now = self._clock()
        if self._until.get(peer, 0.0) <= now:
            self._until.pop(peer, None)
            return False
        # A hash takes little room; two tries that share one would only let a mail in sooner.
        first = self._tries.setdefault(hash((peer, sender, recipient)), now)
        if len(self._tries) > _TRIES_REMEMBERED:
            self._tries.popitem(last=False)
        return now - first < self._pause


class Rates:
    """All counts of one receiver. Its peers are given as ``peer_key`` has them."""

    def __init__(self, limits: Limits, *, trusted: Sequence[Network] = (), clock: Clock = time.monotonic) -> None:
        """Count for these limits; trusted peers bring other people's mail and answer for none of it."""
        self._unknown_borne = limits.unknown_per_hour
        self._trusted = tuple(trusted)
        self._peers = Window(most=limits.messages_per_peer, seconds=MINUTE, clock=clock)
        self._practices = Window(most=limits.messages_per_practice, seconds=HOUR, clock=clock)
        self._files = Window(most=limits.messages_per_file, seconds=HOUR, clock=clock)
        self._unknown = Window(most=limits.unknown_per_hour, seconds=HOUR, clock=clock)
        self._greylist = Greylist(pause=limits.greylist_pause, clock=clock)

    def trusts(self, peer: str) -> bool:
        """Tell whether the peer is one of the operator's own relays; on a socket of this machine it is."""
        if peer == LOCAL:
            return True
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._trusted)

    def begins_too_much(self, peer: str) -> bool:
        """Count a message that a peer begins; True, and not counted, when it has begun too many."""
        if self.trusts(peer):
            return False
        key = peer_key(peer)
        if self._peers.is_full(key):
            return True
        self._peers.note(key)
        return False

    def gets_too_much(self, *, practice: str, file: str) -> bool:
        """Tell whether a practice or a file has had as much mail as it may have in an hour."""
        return self._practices.is_full(practice) or self._files.is_full(file)

    def note_taken(self, *, practice: str, file: str) -> None:
        """Count a message that was taken for a file."""
        self._practices.note(practice)
        self._files.note(file)

    def note_unknown(self, peer: str, *, in_session: int) -> bool:
        """Count an address that does not exist; True when the peer has tried too many, and is on the list now.

        A relay brings the slips of everybody, so only those of one session count, and it is never on the list.
        """
        if self.trusts(peer):
            return in_session > self._unknown_borne
        key = peer_key(peer)
        if self._unknown.note(key) <= self._unknown_borne:
            return False
        self._greylist.add(key)
        return True

    def puts_off(self, peer: str, *, sender: str, recipient: str) -> bool:
        """Tell whether a peer that guessed must bring this once more."""
        return self._greylist.puts_off(peer_key(peer), sender=sender, recipient=recipient)


def peer_key(peer: str) -> str:
    """Give what counts as one peer: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv4Address):
        return peer
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
