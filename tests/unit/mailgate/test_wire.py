"""The end of a message and its dots, however the bytes are cut into pieces."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liasse.mailgate.wire import DotDecoder, Gathered, LineTooLongError, PeerGoneError, Wire

pytestmark = pytest.mark.house

# Only the bytes that matter, so that the interesting sequences come often.
HOSTILE = st.lists(st.sampled_from([b"\r", b"\n", b".", b"\r\n", b"x", b"\r\n."]), max_size=30).map(b"".join)


def by_lines(stream: bytes) -> tuple[bytes, bytes] | None:
    """RFC 5321 4.5.2 line by line, as slow as it is plain: content and rest, or None when unfinished."""
    content = b""
    while True:
        line, end, stream = stream.partition(b"\r\n")
        if not end:
            return None
        if line == b".":
            return content, stream
        content += line.removeprefix(b".") + end


def in_pieces(stream: bytes, cuts: list[int]) -> tuple[bytes, bytes] | None:
    decoder, content = DotDecoder(), b""
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    for begin, end in itertools.pairwise(places):
        content += decoder.feed(stream[begin:end])
        if decoder.is_finished:
            return content, decoder.rest + stream[end:]
    return None


@given(stream=HOSTILE, cuts=st.lists(st.integers(0, 60), max_size=12))
def test_pieces_and_lines_agree(stream: bytes, cuts: list[int]) -> None:
    assert in_pieces(stream, cuts) == by_lines(stream)


@given(content=HOSTILE, rest=HOSTILE, cuts=st.lists(st.integers(0, 80), max_size=12))
def test_what_a_client_stuffs_comes_out_as_it_was(content: bytes, rest: bytes, cuts: list[int]) -> None:
    lines = (content + b"\r\n").split(b"\r\n")
    stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    assert in_pieces(stuffed + b".\r\n" + rest, cuts) == (content + b"\r\n", rest)


def test_every_cut_of_a_stream_gives_the_same() -> None:
    stream = b"a\r\n..b\r\n.c\r\n\r\n.\r.\r\n.\r\nQUIT\r\n"
    whole = in_pieces(stream, [])
    assert whole == (b"a\r\n.b\r\nc\r\n\r\n\r.\r\n", b"QUIT\r\n")
    for cut in range(len(stream)):
        assert in_pieces(stream, [cut, cut + 1]) == whole


def test_small_pieces_are_gathered_into_large_ones() -> None:
    gathered = Gathered()
    for _ in range(600_000):
        gathered.add(b"x")
    assert gathered.size == 600_000
    assert [len(piece) for piece in gathered.pieces()] == [262_144, 262_144, 75_712]


def test_the_head_ends_at_the_first_empty_line() -> None:
    gathered = Gathered()
    gathered.add(b"A: 1\r\nB: 2\r\n\r\nbody\n\nbody")
    assert gathered.head(limit=1000) == b"A: 1\r\nB: 2"
    assert gathered.head(limit=3) == b"A: "


def wire_of(*pieces: bytes) -> Wire:
    reader = asyncio.StreamReader()
    for piece in pieces:
        reader.feed_data(piece)
    reader.feed_eof()
    return Wire(reader, before_waiting=nothing)


async def nothing() -> None:
    """Nothing was said that must be sent first."""


def test_lines_pieces_and_what_was_read_too_far() -> None:
    async def read() -> None:
        wire = wire_of(b"EHLO x\r\nDA", b"TA\nrest")
        assert await wire.line(limit=20) == b"EHLO x"
        assert await wire.line(limit=20) == b"DATA"
        assert await wire.piece() == b"rest"
        wire.give_back(b"QUIT\r\n")
        assert await wire.line(limit=20) == b"QUIT"
        with pytest.raises(PeerGoneError):
            await wire.line(limit=20)

    asyncio.run(read())


@pytest.mark.parametrize(("length", "is_taken"), [(20, True), (21, False), (100_000, False)])
def test_a_long_line_is_dropped_to_its_end(length: int, *, is_taken: bool) -> None:
    async def read() -> None:
        wire = wire_of(b"x" * length + b"\nNOOP\r\n")
        if is_taken:
            assert await wire.line(limit=20) == b"x" * length
        else:
            with pytest.raises(LineTooLongError):
                await wire.line(limit=20)
        assert await wire.line(limit=20) == b"NOOP"

    asyncio.run(read())
