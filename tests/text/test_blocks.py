"""Blocks put together again are the text, and none is long."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from annotations.text import blocks
from annotations.text.blocks import BLOCK, FURTHEST, LONG, Block, blocks_of

LETTERS = st.sampled_from("ab.!? \n\t\u2028\u00a0𝔸é🎉مרß")
JOINED = st.sampled_from(["e\u0301", "👩‍👩‍👧", "🏳️‍🌈", "🇦🇿", "👍🏽", "각"])


def joined(found: list[Block]) -> str:
    return "".join(piece for block in found for piece in block.pieces)


@given(st.lists(LETTERS | JOINED, max_size=60), st.integers(1, 400))
def test_the_blocks_of_a_text_are_the_text(words: list[str], times: int) -> None:
    text = "".join(words) * times

    found = list(blocks_of(text))

    assert joined(found) == text
    assert all(piece for block in found for piece in block.pieces)
    assert all(len(piece) <= FURTHEST + LONG for block in found for piece in block.pieces)


@given(st.lists(st.text("ab \n", max_size=300), max_size=60))
def test_a_block_holds_whole_lines(lines: list[str]) -> None:
    found = list(blocks_of("\n".join(lines)))

    assert all(block.pieces[-1].endswith("\n") for block in found[:-1])


def test_short_lines_share_blocks() -> None:
    found = list(blocks_of("word\n" * 200_000))

    assert len(found) <= 1_000_000 / BLOCK
    assert not any(block.is_long for block in found)


@given(st.lists(JOINED | st.sampled_from("ab"), min_size=5, max_size=40))
def test_a_long_line_is_not_cut_inside_a_character(words: list[str]) -> None:
    line = "".join(words) * 1000

    pieces = [piece for block in blocks_of(line) for piece in block.pieces]

    assert "".join(pieces) == line
    for piece in pieces[1:]:
        assert unicodedata.category(piece[0]) not in ("Mn", "Me", "Mc")
        assert piece[0] not in "\u200d🏽🇿"
    assert not any(piece.endswith("\u200d") for piece in pieces)


def test_a_long_line_is_cut_after_sentences_where_there_are_any() -> None:
    line = "Nobody counted the votes in Baku, e.g. on 9 May. " * 200

    (block,) = blocks_of(line)

    assert block.is_long
    assert all(piece.endswith("May. ") for piece in block.pieces)
    assert len(block.pieces) <= len(line) / blocks.PIECE * 2


def test_a_line_of_marks_alone_is_cut_all_the_same() -> None:
    line = "e" + "\u0301" * 100_000

    pieces = [piece for block in blocks_of(line) for piece in block.pieces]

    assert "".join(pieces) == line
    assert max(map(len, pieces)) <= FURTHEST
