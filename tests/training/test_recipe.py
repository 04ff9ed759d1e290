"""Recipes, and the variation of training clips."""

import numpy as np
import pytest
import torch

from voxemo_scan.errors import UsageError
from voxemo_scan.training.augment import SignalAugmenter, mask_images, mix_up
from voxemo_scan.training.recipe import Augmentation, load_recipe, recipe_names


def test_the_four_classic_networks_have_a_recipe_each():
    recipes = map(load_recipe, recipe_names())
    shapes = {(r.labels, r.pooling) for r in recipes if r.kind == "classic"}
    assert shapes == {(6, "average"), (12, "average"), (6, "max"), (12, "max")}


def test_the_twins_differ_in_pooling_alone():
    for labels in (6, 12):
        average, largest = (load_recipe(f"classic{labels}-{p}") for p in ("average", "max"))
        assert largest.model_copy(update={"name": average.name, "pooling": "average"}) == average


def test_a_recipe_of_ones_own_is_read(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nlabels: 6\npooling: max\nepochs: 2\n")
    assert load_recipe(str(path)).epochs == 2


@pytest.mark.parametrize("text", ["name: x\nlabels: 7\npooling: max", "[", "name: x\nlable: 6"])
def test_a_recipe_that_makes_no_sense_is_refused(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match="mine"):
        load_recipe(str(path))


@pytest.mark.parametrize("asked", ["clarity: 5", "mixture: 5"])
def test_what_stands_on_adaptive_heads_is_not_learned_without(tmp_path, asked):
    path = tmp_path / "mine.yaml"
    path.write_text(f"kind: encoder\nname: x\n{asked}\n")
    with pytest.raises(UsageError, match=r"adaptive heads"):
        load_recipe(str(path))


def test_an_unknown_recipe_lists_the_known(tmp_path):
    with pytest.raises(UsageError) as caught:
        load_recipe(str(tmp_path / "none.yaml"))
    assert "classic6-average" in caught.value.remedy


def signal(seconds=3.0):
    return np.random.default_rng(0).standard_normal(round(16_000 * seconds)).astype("f4") * 0.1


def test_variations_fit_the_window_and_repeat_with_the_seed():
    augment = SignalAugmenter(Augmentation(), window_samples=35_840)
    first, again, other = (augment(signal(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or not np.allclose(first, other)
    assert 0 < len(first) <= 35_840
    assert first.dtype == np.float32


def test_a_short_clip_loses_at_most_what_the_recipe_says():
    options = Augmentation(crop=0.1, speed_probability=0.0)
    augment = SignalAugmenter(options, window_samples=35_840)
    rng = np.random.default_rng(0)
    lengths = [len(augment(signal(1.0), rng)) for _ in range(50)]
    assert min(lengths) >= 16_000 * 0.8 - 2
    assert max(lengths) <= 16_000


def test_masks_blank_no_more_than_the_recipe_says():
    options = Augmentation(mask_frames=10, mask_rows=0)
    pictures = mask_images(torch.ones(40, 160, 140), options, np.random.default_rng(0))
    blank = (pictures == 0).all(dim=1).sum(dim=1)
    assert blank.max() <= 10
    assert blank.float().mean() > 2


def test_mixing_keeps_targets_distributions():
    rng = np.random.default_rng(0)
    pictures, targets = torch.rand(8, 160, 140), torch.eye(8, 6)
    targets[6:] = torch.eye(6)[:2]
    mixed, blended = mix_up(pictures, targets, alpha=0.4, rng=rng)
    torch.testing.assert_close(blended.sum(dim=1), torch.ones(8))
    assert mixed.shape == pictures.shape
    same, unchanged = mix_up(pictures, targets, alpha=0.0, rng=rng)
    assert same is pictures
    assert unchanged is targets
