"""An evaluation on paper: the same figures everywhere, the same bytes every time."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from voxemo_scan.models.judgement import Judgement
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.diagrams import confusion_svg, reliability_svg
from voxemo_scan.training.evaluate import Heard, evaluate
from voxemo_scan.training.figures import to_json, to_markdown, write_evaluation
from voxemo_scan.training.labels import SEVEN
from voxemo_scan.training.reliability import reliability

SVG = "{http://www.w3.org/2000/svg}"


class Named:
    name, parameters, sha256 = "model", 1234, {"net.safetensors": "ab" * 32}


@pytest.fixture(scope="module")
def evaluation():
    """Of seven labels, disgust has no clip; two folds, two speakers."""
    labels = ["neutral", "happy", "sad", "angry", "fear", "surprised"] * 4
    clips = tuple(
        Utterance("own", str(n), Path("x"), "ab"[n % 2], ("female", "male")[n % 2], label)
        for n, label in enumerate(labels)
    )
    said = np.random.default_rng(2).dirichlet(np.full(7, 0.4), size=len(clips))
    heard = Heard(clips, Judgement(said), np.repeat([0, 1], 12))
    return evaluate(heard, protocol="emobox-ravdess", labels=SEVEN, judge=Named(), seed=5)


def test_json_holds_every_figure_and_no_nan(evaluation):
    values = json.loads(json.dumps(to_json(evaluation, command="run it"), allow_nan=False))
    whole = values["parts"][0]
    assert (values["command"], values["seed"]) == ("run it", 5)
    assert values["ua"] == pytest.approx(np.mean(list(values["fold_ua"].values())))
    assert values["model"] == {
        "name": "model", "parameters": 1234, "sha256": {"net.safetensors": "ab" * 32}
    }  # fmt: skip
    assert whole["recalls"]["disgust"] is None
    assert np.sum(whole["confusion"]) == whole["clips"] == 24
    assert sum(each["clips"] for each in whole["reliability"]) == 24
    assert [part["part"] for part in values["parts"]] == ["all", "female", "male"]


def test_markdown_says_the_same(evaluation):
    text = to_markdown(evaluation, command="voxemo-scan evaluate x")
    assert "    voxemo-scan evaluate x\n" in text
    assert "1,234 parameters, 7 labels, seed 5" in text
    assert f"**{100 * evaluation.ua:.1f}**" in text
    assert f"| net.safetensors | `{'ab' * 32}` |" in text
    row = next(line for line in text.splitlines() if line.startswith("| surprised |"))
    counts = [int(cell) for cell in row.split("|")[2:9]]
    assert counts == evaluation.whole.confusion[6].tolist()
    assert "nan" not in text
    assert ".svg" not in text


def test_reliability_in_characters_puts_bar_and_mark_where_they_belong():
    clips = tuple(Utterance("own", n, Path("x"), "a", None, "neutral") for n in "abc")
    said = np.array(
        [[0.9, 0.1, 0, 0, 0, 0, 0], [0.1, 0.9, 0, 0, 0, 0, 0], [0.5, 0.3, 0.2, 0, 0, 0, 0]]
    )
    heard = Heard(clips, Judgement(said), np.zeros(3, dtype=np.int64))
    text = to_markdown(evaluate(heard, protocol="x", labels=SEVEN, judge=Named()), command="x")
    right = "#" * 15
    assert f"    0.87 to 0.93      2  0.90  0.50   {right}{' ' * 12}|\n" in text
    assert f"    0.47 to 0.53      1  0.50  1.00   {right}|{'#' * 14}\n" in text


def test_the_folder_holds_text_values_and_pictures(evaluation, tmp_path):
    write_evaluation(evaluation, tmp_path, command="x")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "confusion.svg", "evaluation.json", "evaluation.md", "reliability.svg",
    ]  # fmt: skip
    text = (tmp_path / "evaluation.md").read_text()
    assert "](confusion.svg)" in text
    assert "](reliability.svg)" in text
    assert json.loads((tmp_path / "evaluation.json").read_text())["protocol"] == "emobox-ravdess"


def texts(svg):
    return [
        "".join(each.itertext()).strip() for each in ElementTree.fromstring(svg).iter(f"{SVG}text")
    ]


def test_the_confusion_figure_shows_every_count():
    confusion = np.array([[8, 2], [0, 0]])
    shown = " ".join(texts(confusion_svg(confusion, labels=["sad", "calm"], title="m on p")))
    for words in ("80 %", "20 %", "0 %", "8", "2", "sad", "calm", "said", "heard", "m on p"):
        assert words in shown


def test_the_reliability_diagram_names_its_error():
    bins = reliability(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([0, 1]))
    shown = texts(reliability_svg(bins, title="m on p", ece=0.1234))
    assert "ECE 0.123" in shown
    assert "confidence of the verdict" in shown


def test_the_same_figures_give_the_same_bytes(evaluation, tmp_path):
    for name in ("one", "two"):
        write_evaluation(evaluation, tmp_path / name, command="x")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
