from pathlib import Path

from hypothesis import example, given, settings

from tests.manifest.strategies import manifests
from voxemo_scan.manifest.load import parse_manifest
from voxemo_scan.manifest.model import Expectation, Manifest, Scene
from voxemo_scan.manifest.write import dump_manifest

TRICKY = Manifest(
    name="null",
    path=Path("m.yaml"),
    scenes=(
        Scene(id="0", title="- [x]: {y} # z", source="~", known_failure=None),
        Scene(id="no", title="1917", source="./%a &b *c !d | > ' \" `"),
    ),
)


@given(manifests())
@example(TRICKY)
@settings(max_examples=60, deadline=None)
def test_a_manifest_reads_back_as_it_was_written(manifest: Manifest) -> None:
    read = parse_manifest(dump_manifest(manifest), path=manifest.path)
    assert read.name == manifest.name
    assert [s.model_dump() for s in read.scenes] == [s.model_dump() for s in manifest.scenes]


def test_a_manifest_is_written_as_people_write_it() -> None:
    scene = Scene(
        id="elf",
        title="Elf",
        source="../elf.mp4",
        start_s=39.0,
        end_s=150.5,
        expect=Expectation(dominant=("happy",), at_most={"sad": 0.125}),
        published={"sad": 0.51, "fear": 0.33},
    )
    manifest = Manifest(name="My scenes", path=Path("m.yaml"), scenes=(scene,))
    assert dump_manifest(manifest, header="Two\n\nlines") == (
        "# Two\n#\n# lines\n"
        "name: My scenes\n"
        "scenes:\n"
        "  - id: elf\n"
        "    title: Elf\n"
        "    source: ../elf.mp4\n"
        "    start: 0:39\n"
        "    end: 2:30.5\n"
        "    expect:\n"
        "      dominant: [happy]\n"
        "      at_most: {sad: 12.5%}\n"
        "    published: {sad: 51%, fear: 33%}\n"
    )
