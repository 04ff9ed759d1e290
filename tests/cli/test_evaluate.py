"""``voxemo-scan evaluate`` from arguments to figures and files."""

import json

import numpy as np
import pytest

from tests.support.actors import write_actors, write_networks


@pytest.fixture(scope="module")
def actors(tmp_path_factory):
    return write_actors(tmp_path_factory.mktemp("actors"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_networks(tmp_path_factory.mktemp("networks"))


def named(weights):
    return [argument for path in weights for argument in ("--weights", str(path))]


def test_six_folds_are_measured_and_written(run, actors, weights, tmp_path):
    code, told, said = run(
        "evaluate", "emobox-ravdess", "--data", str(actors), "--labels", "6", *named(weights),
        "--json", "-q", "-o", "out", "--seed", "3",
    )  # fmt: skip
    values = json.loads(told)
    assert code == 0
    assert values["ua"] == pytest.approx(np.mean(list(values["fold_ua"].values())))
    assert values["parts"][0]["clips"] == 42
    assert 0 <= values["parts"][0]["gender_accuracy"] <= 1
    assert values["command"].startswith("voxemo-scan evaluate emobox-ravdess")
    assert "out/evaluation.md" in said
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text()) == values
    assert (tmp_path / "out" / "reliability.svg").is_file()


def test_figures_are_printed_as_a_table(run, actors, weights):
    code, told, _ = run(
        "evaluate", "emobox-ravdess", "--data", str(actors), "--labels", "6", *named(weights),
        "--fold", "1", "-q",
    )  # fmt: skip
    assert code == 0
    assert "macro-F1" in told
    assert "mean of the folds" not in told
    (row,) = [line for line in told.splitlines() if " all " in line]
    assert " 7 " in row


def test_the_validation_part_can_be_judged(run, actors, weights):
    _, told, _ = run(
        "evaluate", "emobox-ravdess", "--data", str(actors), "--labels", "6", *named(weights),
        "--fold", "0", "--validation", "--json", "-q",
    )  # fmt: skip
    assert json.loads(told)["parts"][0]["clips"] == 14  # a man and a woman


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "unknown protocol 'nowhere'"),
        (["emobox-ravdess", "--fold", "6"], "emobox-ravdess has no fold 6"),
        (["emobox-ravdess", "--labels", "9"], "no set of 9 labels"),
        (["emobox-ravdess", "--model", "none"], "there is no model 'none'"),
        (["emobox-ravdess", "--level", "loud"], "'loud' is no level"),
        (["emobox-ravdess", "--model", "classic", "--weights", "x"], "not both"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(run, actors, arguments, message):
    code, told, said = run("evaluate", *arguments, "--data", str(actors), "-q")
    assert (code, told) == (2, "")
    assert message in " ".join(said.split())


def test_weights_of_another_fold_are_not_taken_for_one_that_is_missing(run, actors, weights):
    code, _, said = run(
        "evaluate", "emobox-ravdess", "--data", str(actors), "--labels", "6", "--fold", "2",
        *named(weights[:2]), "-q",
    )  # fmt: skip
    assert code == 2
    assert "no weights of emobox-ravdess's fold 2" in said


def test_missing_weights_say_so(run, actors):
    code, _, said = run(
        "evaluate", "emobox-ravdess", "--data", str(actors), "--weights", "none.safetensors", "-q"
    )
    assert code == 4
    assert "none.safetensors" in said


def test_a_validation_part_that_was_learned_from_is_not_judged(run, actors, tmp_path):
    merged = named(write_networks(tmp_path, folds=[0], merged=True))
    arguments = ["evaluate", "emobox-ravdess", "--data", str(actors), "--labels", "6", *merged,
                 "--fold", "0", "-q"]  # fmt: skip
    assert run(*arguments)[0] == 0
    code, _, said = run(*arguments, "--validation")
    assert code == 2
    assert "learned from the validation part, too" in said


def test_models_are_ranked_and_written(run, actors, tmp_path, monkeypatch):
    from voxemo_scan.training import leaderboard

    monkeypatch.setattr(leaderboard, "recipe_names", lambda: ("logistic", "neighbours"))
    code, told, _ = run(
        "evaluate", "emobox-ravdess", "--leaderboard", "--data", str(actors), "--labels", "7",
        "--runs", "runs", "--json", "-q", "-o", "out",
    )  # fmt: skip
    values = json.loads(told)
    assert code == 0
    assert (values["protocol"], values["labels"]) == ("emobox-ravdess", 7)
    assert {model["name"] for model in values["models"]} == {"logistic", "neighbours"}
    assert all(model["ua_ci"][0] <= model["ua_ci"][1] for model in values["models"])
    assert json.loads((tmp_path / "out" / "leaderboard.json").read_text()) == values
    table = (tmp_path / "out" / "leaderboard.md").read_text()
    assert table.startswith("# Leaderboard of `emobox-ravdess`, 7 labels")
    assert len(list((tmp_path / "runs").rglob("*.zip"))) == 2 * 6  # a file a fold
    assert all(model["fit_seconds"] > 0 for model in values["models"])


def test_models_that_were_fitted_before_are_taken_from_where_they_are_kept(
    run, actors, monkeypatch
):
    from voxemo_scan.training import leaderboard

    monkeypatch.setattr(leaderboard, "recipe_names", lambda: ("logistic",))
    rank = ["evaluate", "emobox-ravdess", "--leaderboard", "--data", str(actors), "--runs", "runs",
            "--json", "-q"]  # fmt: skip
    (before,), (after,), (other,) = (
        json.loads(run(*rank, *more)[1])["models"] for more in ([], [], ["--seed", "5"])
    )
    assert before["fit_seconds"] > 0
    assert after["fit_seconds"] is None
    assert after["ua"] == before["ua"]
    assert other["fit_seconds"] > 0
