from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.importers import ImportedText, Unreadable, read

LIMIT = 20_000_000


def page(markup: str | bytes, encoding: str = "") -> ImportedText:
    data = markup.encode() if isinstance(markup, str) else markup
    return read(data, filename="page.html", encoding=encoding, limit=LIMIT)


def test_paragraphs_stand_apart_by_a_blank_line_in_reading_order() -> None:
    imported = page("<h1>Title</h1><p>One\n  <b>bold</b> line.</p><div>Two</div>tail")

    assert imported.text == "Title\n\nOne bold line.\n\nTwo\n\ntail"
    assert (imported.importer, imported.version) == ("html", "1")


def test_white_space_is_folded_as_browsers_do_and_a_no_break_space_stays() -> None:
    assert page("<p> a \n\t b<i> c </i> d&nbsp;&nbsp;e </p>").text == "a b c d\u00a0\u00a0e"


def test_words_are_not_torn_by_inline_elements() -> None:
    assert page("<p>Erdo<b>ğ</b>an<script>x</script>’s</p>").text == "Erdoğan’s"


def test_line_breaks_stay_and_two_make_a_paragraph() -> None:
    assert page("<p>a<br> b<br><br>c<br></p>").text == "a\nb\n\nc"


def test_preformatted_text_keeps_its_spaces_and_lines() -> None:
    assert page("<p>a</p><pre>\n  x\n    y<br>z\n\n</pre>b").text == "a\n\n  x\n    y\nz\n\nb"


def test_list_items_are_lines_and_cells_stand_apart_by_tabs() -> None:
    assert page("<ul><li>a<li>b</ul>").text == "a\nb"
    assert page("<table><tr><th>a<th>b<tr><td>1<td>2</table>").text == "a\tb\n1\t2"


def test_a_quotation_element_gets_the_marks_that_browsers_draw() -> None:
    assert page("<p>He said <q>no</q>.</p>").text == "He said “no”."


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<nav>x</nav>",
        "<header>x</header>",
        "<footer>x</footer>",
        "<aside>x</aside>",
        "<form>x<input value=x></form>",
        "<template>x</template>",
        "<noscript>x</noscript>",
        "<button>x</button>",
        "<svg><title>x</title></svg>",
        "<div hidden>x<p>x</p></div>",
        "<nav><div>x<nav>x</nav>x</div>x</nav>",
        "<!-- x -->",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    assert page(f"<p>a</p>{furniture}<p>b</p>").text == "a\n\nb"


def test_the_header_of_an_article_is_part_of_it() -> None:
    markup = "<header>Site</header><article><header><h1>Head</h1></header><p>a</p></article>"

    assert page(markup).text == "Head\n\na"


def test_the_title_is_metadata_and_not_text() -> None:
    imported = page("<title> A &amp;\n B </title><p>a</p>")

    assert imported.text == "a"
    assert imported.metadata == {"title": "A & B"}


def test_what_the_page_says_of_itself_fills_the_provenance() -> None:
    imported = page(
        """<html lang=tr-TR><head><title>Site – Head</title>
        <meta property="og:title" content="Head"><meta property="og:site_name" content="Gazete">
        <meta name="author" content="A. Writer">
        <meta property="article:published_time" content="2020-09-15T23:30:00+03:00">
        <link rel="canonical" href="https://news.example.org/a"></head>
        <body><p>a</p><a rel="nofollow license" href="https://creativecommons.org/licenses/by/4.0/">
        CC BY</a></body></html>"""
    )

    assert imported.metadata == {
        "title": "Head",
        "publisher": "Gazete",
        "author": "A. Writer",
        "published_on": "2020-09-15",
        "language": "tr-TR",
        "url": "https://news.example.org/a",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
    }


@pytest.mark.parametrize(
    "statement",
    [
        "<meta name=date content='15 September'>",
        "<meta name=date content='2020-13-01'>",
        "<link rel=canonical href='/a'>",
        "<link rel=canonical href='javascript:alert(1)'>",
        "<link rel=canonical href='http://[bad'>",
        "<meta name=author content='https://social.example.org/writer'>",
        "<meta name=author content=' '>",
        "<meta name=author>",
        "<html lang='not a language'>",
        "<aside><meta name=author content='Somebody else'></aside>",
    ],
)
def test_what_cannot_be_used_is_passed_over(statement: str) -> None:
    assert page(f"{statement}<p>a</p>").metadata == {}


def test_the_next_best_statement_counts_when_the_best_cannot_be_used() -> None:
    markup = "<meta name=author content='https://x.example.org/w'><meta name=dc.creator content=W>"

    assert page(f"{markup}<p>a").metadata == {"author": "W"}


def test_long_statements_are_cut_to_what_a_source_holds() -> None:
    markup = f"<title>{'t' * 500}</title><meta name=author content={'a' * 500}><p>x"

    assert {n: len(v) for n, v in page(markup).metadata.items()} == {"title": 300, "author": 200}


def test_the_declared_encoding_is_read_as_browsers_do() -> None:
    markup = "<meta charset='ISO-8859-9'><p>Erdoğan – „evet“</p>"

    assert page(markup.encode("cp1254")).text == "Erdoğan – „evet“"


def test_an_older_declaration_is_read_too() -> None:
    markup = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Баку</p>'

    assert page(markup.encode("cp1251")).text == "Баку"


def test_a_byte_order_mark_and_a_given_encoding_go_before_the_declaration() -> None:
    assert page("<meta charset=koi8-r><p>ğ".encode("utf-8-sig")).text == "ğ"
    assert page("<meta charset=koi8-r><p>ğ".encode(), encoding="utf-8").text == "ğ"


def test_a_page_that_declares_another_encoding_but_is_utf_8_gives_a_warning() -> None:
    imported = page("<meta charset=windows-1252><p>schön".encode())

    assert imported.text == "schÃ¶n"
    assert imported.warnings[0].startswith("The page declares another encoding")


def test_an_unknown_declared_encoding_is_refused() -> None:
    with pytest.raises(Unreadable, match="“klingon” is not an encoding"):
        page("<meta charset=klingon><p>a")


def test_a_page_without_text_is_refused_with_a_way_out() -> None:
    with pytest.raises(Unreadable, match="copy the text and paste it"):
        page("<title>App</title><nav>Home</nav><div id=app></div><script>start()</script>")


def test_entities_of_a_doctype_do_not_multiply() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))

    imported = page(f'<!DOCTYPE x [<!ENTITY e0 "ha">{bomb}]><p>&e11; end</p>')

    assert "haha" not in imported.text
    assert imported.text.endswith("&e11; end")


def test_external_entities_are_not_read() -> None:
    markup = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><p>&f; end</p>'

    assert "root:" not in page(markup).text


@pytest.mark.parametrize("markup", [b"<b>" * 200_000, b"<b>" * 100_000 + b"</i>" * 100_000])
def test_a_page_nested_beyond_reason_is_refused_at_once(markup: bytes) -> None:
    before = time.process_time()

    with pytest.raises(Unreadable, match="nested more than 1,000 deep"):
        page(markup)

    assert time.process_time() - before < 10  # it is tenths; looking each tag up took minutes


def test_one_paragraph_of_more_than_ten_megabytes_is_read_to_its_end() -> None:
    imported = page("<p>" + "ğü " * 2_200_000 + "end</p>")

    assert len(imported.text) == 6_600_003
    assert imported.text.endswith("ğü end")


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</nav>", "<nav>", "<pre>", "</pre>", "<q>", "<br>"]
        )
        | st.sampled_from(["</article>", "<article>", "<header>", "</header>", "<title>", "<html>"])
        | st.sampled_from(
            ["a", " ", "\n", "😀", "&lt;", "<", "<td>", "<table>", "</table>", "<li>"]
        ),
        max_size=30,
    )
)
def test_tag_soup_of_any_kind_gives_clean_text(pieces: list[str]) -> None:
    try:
        text = page("".join(pieces)).text
    except Unreadable:
        return

    assert text == text.strip("\n")
    assert "<p>" not in text
    assert "\n\n\n" not in text or "<pre>" in pieces


@settings(deadline=None)
@given(st.lists(st.sampled_from(["ğ", "😀", "a", "–"]), min_size=1, max_size=50))
def test_characters_survive_the_borders_of_the_pieces_that_the_parser_gets(
    words: list[str],
) -> None:
    text = "".join(words) * 900

    assert page(f"<p>{text}</p>").text == text


@pytest.mark.parametrize("unit", ["<b>\U0001f600é</b>", "<b>ab</b>&amp;"])
def test_memory_grows_with_the_file_and_not_with_the_number_of_its_pieces(unit: str) -> None:
    data = (unit * (600_000 // len(unit.encode()))).encode()

    tracemalloc.start()
    try:
        page(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 6.5 * len(data)
