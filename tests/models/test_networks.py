"""The four classic networks."""

import pytest
import torch

from voxemo_scan.models.networks import (
    ClassicNetwork,
    ClassicShape,
    emotion_distribution,
    female_probability,
)


@pytest.mark.parametrize("labels", [6, 12])
@pytest.mark.parametrize("pooling", ["average", "max"])
def test_each_twin_gives_logits_for_its_labels(labels, pooling):
    network = ClassicNetwork(ClassicShape(labels=labels, pooling=pooling)).eval()
    assert network(torch.randn(3, 160, 140)).shape == (3, labels)


def test_an_image_of_another_shape_is_refused():
    network = ClassicNetwork(ClassicShape())
    with pytest.raises(ValueError, match=r"160, 140"):
        network(torch.zeros(1, 128, 140))


def test_the_twins_differ_in_pooling_alone():
    average, largest = (ClassicNetwork(ClassicShape(pooling=p)).eval() for p in ("average", "max"))
    largest.load_state_dict(average.state_dict())
    picture = torch.randn(2, 160, 140)
    assert not torch.allclose(average(picture), largest(picture))


def test_row_statistics_are_part_of_the_network():
    network = ClassicNetwork(ClassicShape()).eval()
    picture = torch.randn(1, 160, 140)
    before = network(picture)
    network.row_mean.fill_(30.0)
    network.row_scale.fill_(2.0)
    torch.testing.assert_close(network(2.0 * picture + 30.0), before, atol=1e-4, rtol=1e-4)


def test_twelve_labels_sum_to_six_emotions_and_a_gender():
    logits = torch.log(torch.tensor([[0.1, 0.2, 0, 0, 0, 0, 0.3, 0.1, 0.3, 0, 0, 0]]) + 1e-12)
    torch.testing.assert_close(
        emotion_distribution(logits), torch.tensor([[0.4, 0.3, 0.3, 0.0, 0.0, 0.0]])
    )
    torch.testing.assert_close(female_probability(logits), torch.tensor([0.3]))


def test_six_labels_tell_no_gender():
    with pytest.raises(ValueError, match="12-label"):
        female_probability(torch.zeros(1, 6))
