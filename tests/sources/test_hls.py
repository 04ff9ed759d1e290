from __future__ import annotations

from pathlib import Path

import av
import pytest

from tests.sources.conftest import MakeLibrary
from tests.support.media import Audio, tone, write_media
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.errors import SourceError
from voxemo_scan.sources.library import ClipLibrary


@pytest.fixture(scope="module")
def playlist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of sound in segments of about one second."""
    return write_media(
        tmp_path_factory.mktemp("hls") / "list.m3u8",
        audio=Audio(tone(6.0, rate=16_000), sampling_rate=16_000, codec="aac"),
        container_options={"hls_time": "1", "hls_list_size": "0"},
    )


def segments(playlist: Path) -> list[Path]:
    return sorted(playlist.parent.glob("*.ts"))


def test_a_playlist_of_segments_becomes_one_clip_without_ffmpeg(
    server: MediaServer, playlist: Path, library: ClipLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    server.add_folder("/hls", playlist.parent)
    clip = library.fetch(f"{server.root}/hls/list.m3u8", name="x")
    whole = b"".join(segment.read_bytes() for segment in segments(playlist))
    assert clip.path.read_bytes() == whole
    with av.open(str(clip.path)) as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples / 16_000 == pytest.approx(6.0, abs=0.2)


def test_a_missing_segment_is_an_error_and_never_skipped(
    server: MediaServer, playlist: Path, library: ClipLibrary
) -> None:
    server.add_folder("/hls", playlist.parent)
    lost = f"/hls/{segments(playlist)[2].name}"
    server.add(lost, Reply(status=404))
    address = f"{server.root}/hls/list.m3u8"
    with pytest.raises(SourceError, match="404 Not Found"):
        library.fetch(address, name="x")
    assert library.find(address) is None
    assert len(server.asked(lost)) == 1


def test_a_segment_that_fails_once_is_fetched_again_and_the_others_are_not(
    server: MediaServer, playlist: Path, library: ClipLibrary
) -> None:
    server.add_folder("/hls", playlist.parent)
    shaky = segments(playlist)[3]
    body = shaky.read_bytes()
    server.add(f"/hls/{shaky.name}", Reply(status=503), Reply(body, kind="video/mp2t"))
    clip = library.fetch(f"{server.root}/hls/list.m3u8", name="x")
    assert clip.path.read_bytes() == b"".join(s.read_bytes() for s in segments(playlist))
    assert len(server.asked(f"/hls/{segments(playlist)[0].name}")) == 1


def test_a_segment_cut_short_is_not_taken(
    server: MediaServer, playlist: Path, make_library: MakeLibrary
) -> None:
    server.add_folder("/hls", playlist.parent)
    short = segments(playlist)[1]
    body = short.read_bytes()
    server.add(f"/hls/{short.name}", Reply(body[:500], announce=len(body), ranges=False))
    with pytest.raises(SourceError, match="before the recording is complete"):
        make_library(attempts=2).fetch(f"{server.root}/hls/list.m3u8", name="x")


def test_segments_that_another_process_left_are_fetched_anew(
    server: MediaServer, playlist: Path, library: ClipLibrary
) -> None:
    """Killed between adding a segment and noting it, that process left the segment twice."""
    server.add_folder("/hls", playlist.parent)
    broken = f"/hls/{segments(playlist)[3].name}"
    body = segments(playlist)[3].read_bytes()
    server.add(broken, Reply(status=404), Reply(body, kind="video/mp2t"))
    address = f"{server.root}/hls/list.m3u8"
    with pytest.raises(SourceError):
        library.fetch(address, name="x")
    (part,) = library.folder.rglob("*.part")
    part.write_bytes(part.read_bytes() + segments(playlist)[2].read_bytes())
    clip = library.fetch(address, name="x")
    assert clip.path.read_bytes() == b"".join(s.read_bytes() for s in segments(playlist))


def test_a_live_stream_is_refused(
    server: MediaServer, playlist: Path, library: ClipLibrary
) -> None:
    text = playlist.read_text().replace("#EXT-X-ENDLIST", "")
    server.add_folder("/hls", playlist.parent)
    address = server.add(
        "/hls/live.m3u8", Reply(text.encode(), kind="application/vnd.apple.mpegurl")
    )
    with pytest.raises(SourceError, match="live stream"):
        library.fetch(address, name="x")
