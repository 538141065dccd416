"""TEI P5 with stand-off annotations (Guidelines, §16.10): a file a document.

The text is one `ab` with its white space kept. Spans are pointers `#string-range(t,offset,length)`
(§16.2.4), which count characters, that is code points; several spans are several pointers.
"""

from __future__ import annotations

from collections.abc import Iterator

from annotations.exporters.corpora.documents import Document, Member
from annotations.exporters.corpora.xml_words import attribute, element_text, json_text, unsayable
from annotations.exporters.records import Record

MOTIVATIONS = {
    "entity": "identifying",
    "quote": "describing",
    "claim": "classifying",
    "flag": "commenting",
}


def members(document: Document) -> list[Member]:
    source = document.source
    published = "".join(
        f"<{tag}>{element_text(words)}</{tag}>"
        for tag, words in (
            ("title", source.title),
            ("author", source.author),
            ("publisher", source.publisher),
            ("date", source.published_on),
        )
        if words
    )
    where = f"<ref target={attribute(source.url)}/>" if source.url else ""
    language = f" xml:lang={attribute(source.language)}" if source.language else ""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<TEI xmlns="http://www.tei-c.org/ns/1.0">\n'
        f"<teiHeader><fileDesc><titleStmt><title>{element_text(source.title)}</title></titleStmt>"
        "<publicationStmt><p>Part of a release of approved annotations.</p></publicationStmt>"
        f"<sourceDesc><bibl>{published}{where}</bibl></sourceDesc></fileDesc></teiHeader>\n"
        f"{''.join(_stand_off(document))}"
        f'<text{language}><body><ab xml:id="t" xml:space="preserve">'
        f"{element_text(document.text)}</ab></body></text>\n</TEI>\n"
    )
    left_out = (("characters", unsayable(document.text)),)
    return [Member(f"{document.name}.xml", content.encode(), left_out)]


def _stand_off(document: Document) -> Iterator[str]:
    """Nothing for a text without annotations, since neither list may be empty."""
    if not document.records:
        return
    yield "<standOff>\n<listAnnotation>\n"
    for record in document.records:
        yield _annotation(record)
    yield "</listAnnotation>\n"
    here = {record.id for record in document.records}
    relations = [
        f'<relation name={attribute(link.type)} active="#a-{record.id}" '
        f'passive="{"#a-" if link.to in here else "urn:uuid:"}{link.to}"/>\n'
        for record in document.records
        for link in record.relations
    ]
    if relations:
        yield f"<listRelation>\n{''.join(relations)}</listRelation>\n"
    yield "</standOff>\n"


def _annotation(record: Record) -> str:
    targets = " ".join(
        f"#string-range(t,{passage.start},{passage.end - passage.start})"
        for passage in record.spans
    )
    return (
        f'<annotation xml:id="a-{record.id}" motivation="{MOTIVATIONS[record.kind]}" '
        f'target="{targets}">'
        f"<respStmt><resp>creator</resp><name>{element_text(record.author.name)}</name></respStmt>"
        f'<revisionDesc><change when="{record.updated_at[:10]}">Version {record.version}</change>'
        "</revisionDesc>"
        f'<note type="kind">{element_text(record.kind)}</note>'
        f'<note type="label">{element_text(record.label)}</note>'
        f'<note type="fields">{element_text(json_text(record.fields))}</note></annotation>\n'
    )
