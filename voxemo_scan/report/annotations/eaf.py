"""ELAN annotation files (EAF 3.0): the TextGrid's tiers, for those who watch the picture too.

Confidence hangs on its emotion, as ELAN's symbolic association does. Times are milliseconds, on
no frame.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from pathlib import PurePath
from typing import Final
from xml.etree import ElementTree as ET

from voxemo_scan.manifest.source import is_web
from voxemo_scan.report.annotations.sheet import Label, Sheet
from voxemo_scan.text import clean

_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_XSD: Final = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"


def to_eaf(sheet: Sheet) -> str:
    """Return the scene's ELAN document.

    A local clip is named as a file beside the document, which is where ELAN looks first; an
    address is no file, and ELAN asks for one.
    """
    ET.register_namespace("xsi", _XSI)
    writer = _Document()
    emotions = writer.tier("emotion", [Label(m.start_s, m.end_s, m.emotion) for m in sheet.marks])
    writer.figures("confidence", [f"{m.confidence:.2f}" for m in sheet.marks], of=emotions)
    writer.tier("voice", sheet.turns)
    writer.tier("gender", sheet.genders)
    writer.tier("speech", sheet.speech)
    root = writer.root(sheet)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


class _Document:
    """Tiers being written, with the time slots and numbers that they share."""

    def __init__(self) -> None:
        self.slots = ET.Element("TIME_ORDER")
        self.tiers: list[ET.Element] = []
        self.count = 0

    def tier(self, name: str, labels: Iterable[Label]) -> list[str | None]:
        """Add a tier; return each label's number, None for one shorter than a millisecond."""
        tier = self._tier(name, kind="stretch")
        numbers: list[str | None] = []
        for label in labels:
            start, end = round(label.start_s * 1000), round(label.end_s * 1000)
            number = self._number() if end > start else None
            if number is not None:
                self._aligned(tier, number, (start, end), label.text)
            numbers.append(number)
        return numbers

    def figures(self, name: str, texts: Iterable[str], *, of: list[str | None]) -> None:
        """Add a tier of texts that hang on the annotations numbered ``of``."""
        tier = self._tier(name, kind="figure", parent="emotion")
        for text, parent in zip(texts, of, strict=True):
            if parent is not None:
                holder = ET.SubElement(tier, "ANNOTATION")
                numbers = {"ANNOTATION_ID": self._number(), "ANNOTATION_REF": parent}
                value = ET.SubElement(holder, "REF_ANNOTATION", numbers)
                ET.SubElement(value, "ANNOTATION_VALUE").text = text

    def root(self, sheet: Sheet) -> ET.Element:
        """Return the whole document."""
        root = ET.Element(
            "ANNOTATION_DOCUMENT",
            {
                "AUTHOR": "voxemo-scan", "DATE": sheet.created, "FORMAT": "3.0", "VERSION": "3.0",
                f"{{{_XSI}}}noNamespaceSchemaLocation": _XSD,
            },
        )  # fmt: skip
        root.append(_header(sheet, last=self.count))
        root.append(self.slots)
        root.extend(self.tiers)
        root.append(_kind("stretch", aligned=True))
        root.append(_kind("figure", aligned=False))
        meaning = "1-1 association with a parent annotation"
        constraint = {"STEREOTYPE": "Symbolic_Association", "DESCRIPTION": meaning}
        ET.SubElement(root, "CONSTRAINT", constraint)
        return root

    def _tier(self, name: str, *, kind: str, parent: str | None = None) -> ET.Element:
        tier = ET.Element("TIER", {"TIER_ID": name, "LINGUISTIC_TYPE_REF": kind})
        if parent:
            tier.set("PARENT_REF", parent)
        self.tiers.append(tier)
        return tier

    def _aligned(self, tier: ET.Element, number: str, times: tuple[int, int], text: str) -> None:
        slots = [self._slot(time) for time in times]
        value = ET.SubElement(
            ET.SubElement(tier, "ANNOTATION"),
            "ALIGNABLE_ANNOTATION",
            {"ANNOTATION_ID": number, "TIME_SLOT_REF1": slots[0], "TIME_SLOT_REF2": slots[1]},
        )
        ET.SubElement(value, "ANNOTATION_VALUE").text = text

    def _slot(self, milliseconds: int) -> str:
        number = f"ts{len(self.slots) + 1}"
        slot = {"TIME_SLOT_ID": number, "TIME_VALUE": str(milliseconds)}
        ET.SubElement(self.slots, "TIME_SLOT", slot)
        return number

    def _number(self) -> str:
        self.count += 1
        return f"a{self.count}"


def _header(sheet: Sheet, *, last: int) -> ET.Element:
    header = ET.Element("HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
    source = clean(sheet.source)
    kind = None if is_web(source) else mimetypes.guess_type(source, strict=False)[0]
    if kind is not None:
        name = PurePath(source.replace("\\", "/")).name
        media = {"MEDIA_URL": name, "RELATIVE_MEDIA_URL": f"./{name}", "MIME_TYPE": kind}
        if sheet.base == "clip" and sheet.clip_start_s > 0:
            media["TIME_ORIGIN"] = str(round(sheet.clip_start_s * 1000))
        ET.SubElement(header, "MEDIA_DESCRIPTOR", media)
    ET.SubElement(header, "PROPERTY", {"NAME": "scene"}).text = sheet.title
    ET.SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"}).text = str(last)
    return header


def _kind(name: str, *, aligned: bool) -> ET.Element:
    about = {
        "LINGUISTIC_TYPE_ID": name,
        "TIME_ALIGNABLE": str(aligned).lower(),
        "GRAPHIC_REFERENCES": "false",
    }
    if not aligned:
        about["CONSTRAINTS"] = "Symbolic_Association"
    return ET.Element("LINGUISTIC_TYPE", about)
