"""UIMA CAS (OASIS UIMA 1.0, §4.1: XMI): one `.xmi` a document and the type system that all share.

Offsets count UTF-16 code units, as UIMA does. Every span is an `imprimatur.Passage`; those of one
annotation share `annotation` and are numbered by `part`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotations.exporters.corpora.documents import Document, Member
from annotations.exporters.corpora.utf16 import in_utf16
from annotations.exporters.corpora.xml_words import attribute, json_text, unsayable

TYPES = {
    "imprimatur.Passage": (
        "uima.tcas.Annotation",
        {"kind": "String", "label": "String", "annotation": "String", "part": "Integer",
         "version": "Integer", "fields": "String"},
    ),
    "imprimatur.Relation": (
        "uima.cas.TOP",
        {"relation": "String", "annotation": "String", "target": "String"},
    ),
}  # fmt: skip
SOFA, DOCUMENT, FIRST = 1, 2, 3  # ids inside a file


def members(document: Document) -> list[Member]:
    said = "".join(f"  {each}\n" for each in _elements(document))
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" '
        'xmlns:tcas="http:///uima/tcas.ecore" xmlns:imprimatur="http:///imprimatur.ecore" '
        f'xmi:version="2.0">\n{said}</xmi:XMI>\n'
    )
    left_out = (("characters", unsayable(document.text)),)
    return [Member(f"{document.name}.xmi", content.encode(), left_out)]


def shared(labels: Iterable[tuple[str, str]]) -> list[Member]:  # noqa: ARG001
    types = "".join(
        f"    <typeDescription><name>{name}</name><description/>"
        f"<supertypeName>{parent}</supertypeName><features>{_features(features)}</features>"
        "</typeDescription>\n"
        for name, (parent, features) in TYPES.items()
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">\n'
        "  <name>Imprimatur</name>\n"
        f"  <types>\n{types}  </types>\n</typeSystemDescription>\n"
    )
    return [Member("TypeSystem.xml", content.encode())]


def _features(features: dict[str, str]) -> str:
    return "".join(
        f"<featureDescription><name>{name}</name><description/>"
        f"<rangeTypeName>uima.cas.{range}</rangeTypeName></featureDescription>"
        for name, range in features.items()
    )


def _elements(document: Document) -> Iterator[str]:
    offset = in_utf16(document.text)
    language = attribute(document.source.language or "x-unspecified")
    yield '<cas:NULL xmi:id="0"/>'
    yield (
        f'<cas:Sofa xmi:id="{SOFA}" sofaNum="1" sofaID="_InitialView" mimeType="text/plain" '
        f"sofaString={attribute(document.text)}/>"
    )
    yield (
        f'<tcas:DocumentAnnotation xmi:id="{DOCUMENT}" sofa="{SOFA}" begin="0" '
        f'end="{offset(len(document.text))}" language={language}/>'
    )
    id = FIRST
    for record, part, passage in document.passages():
        yield (
            f'<imprimatur:Passage xmi:id="{id}" sofa="{SOFA}" begin="{offset(passage.start)}" '
            f'end="{offset(passage.end)}" kind={attribute(record.kind)} '
            f'label={attribute(record.label)} annotation="{record.id}" part="{part}" '
            f'version="{record.version}" fields={attribute(json_text(record.fields))}/>'
        )
        id += 1
    for record in document.records:
        for link in record.relations:
            yield (
                f'<imprimatur:Relation xmi:id="{id}" relation={attribute(link.type)} '
                f'annotation="{record.id}" target="{link.to}"/>'
            )
            id += 1
    all_ids = " ".join(map(str, range(DOCUMENT, id)))
    yield f'<cas:View sofa="{SOFA}" members="{all_ids}"/>'
