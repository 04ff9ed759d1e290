"""Real lines of films: the list, and what is told of what is heard."""

import json
import sys

import numpy as np
import pytest

from tests.support.media import write_wav
from tests.support.voice import SAMPLING_RATE, say
from voxemo_scan.cli import main
from voxemo_scan.errors import UsageError
from voxemo_scan.training.film_lines import chance, hear_lines, read_lines, to_json
from voxemo_scan.workflow import load_ensemble

HEAD = "file\tfilm\tline\taccepted emotions\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return a folder with one spoken line, of which all is accepted, and one of silence."""
    folder = tmp_path_factory.mktemp("lines") / "film"
    folder.mkdir()
    pause = np.zeros(SAMPLING_RATE // 2)
    spoken = np.concatenate([pause, say("Nobody can make me an offer like that."), pause])
    write_wav(folder / "spoken.wav", spoken, sampling_rate=SAMPLING_RATE)
    write_wav(folder / "silent.wav", np.zeros(2 * SAMPLING_RATE), sampling_rate=SAMPLING_RATE)
    (folder / "labels.tsv").write_text(
        HEAD + "spoken.wav\tONE, 1991\tNobody can\tneutral happy sad anger fear disgust\n"
        "silent.wav\tTWO, 1992\t\thappy\n"
    )
    return folder.parent


def test_a_list_is_found_in_the_folder_or_in_film_below_it(data):
    lines = read_lines(data)
    assert read_lines(data / "film") == lines
    assert [line.film for line in lines] == ["ONE, 1991", "TWO, 1992"]
    assert lines[0].accepted[3] == "angry"
    assert chance(lines) == pytest.approx((1 + 1 / 6) / 2)


def test_what_a_scan_hears_and_what_the_whole_line_sounds_like_are_told_apart(data):
    spoken, silent = hear_lines(read_lines(data), ensemble=load_ensemble())
    assert spoken.whole_accepted
    assert sum(spoken.whole) == pytest.approx(1.0)
    assert silent.scan_accepted is None
    assert silent.scanned.status == "no-speech"
    told = to_json([spoken, silent], model="m", command="c")
    assert told["scan_accepted"] == (1 if spoken.scan_accepted else 0)
    assert told["heard"][1]["scan_accepted"] is None


def test_the_command_writes_and_prints_them(data, tmp_path, capsys, monkeypatch):
    command = ["voxemo-scan", "evaluate", "film-lines", "--data", str(data), "-o", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    assert "of 2 scanned" in capsys.readouterr().out
    assert json.loads((tmp_path / "film-lines.json").read_text())["lines"] == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("gone.wav\tF\tL\thappy", "no file gone.wav"),
        ("spoken.wav\tF\tL", "3 columns"),
        ("spoken.wav\tF\tL\tglad to be here", "labels.tsv:2"),
        ("spoken.wav\tF\tL\t", "no accepted emotion"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, says):
    (tmp_path / "spoken.wav").write_bytes(b"")
    (tmp_path / "labels.tsv").write_text(HEAD + line + "\n")
    with pytest.raises(UsageError, match=says) as error:
        read_lines(tmp_path)
    assert "labels.tsv:2" in str(error.value)


def test_a_folder_without_a_list_says_so(tmp_path):
    with pytest.raises(UsageError, match="holds neither"):
        read_lines(tmp_path)
