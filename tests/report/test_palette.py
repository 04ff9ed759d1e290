"""The colours: contrast by WCAG 2, and distinct to colour-blind eyes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.palette import DARK, LIGHT, contrast, css_variables

# Machado, Oliveira and Fernandes (2009), severity 1.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def lab(colour, sight):
    """CIE L*a*b* (D65) of a colour as that sight has it."""
    value = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SIGHT[sight]) @ linear, 0, 1)
    x, y, z = np.cbrt(TO_XYZ @ seen / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@THEMES
@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_emotions_differ_by_ten_just_noticeable_steps_in_any_sight(theme, sight):
    seen = [lab(theme.emotions[emotion], sight) for emotion in EMOTIONS]
    steps = [float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)]
    assert min(steps) > 12


@THEMES
def test_every_emotion_stands_out_from_the_paper_as_wcag_asks_of_graphics(theme):
    assert min(contrast(theme.emotions[emotion], theme.paper) for emotion in EMOTIONS) >= 3


@THEMES
def test_all_text_has_the_contrast_that_wcag_aa_asks_for(theme):
    for ground in (theme.paper, theme.wash):
        for text in (theme.ink, theme.muted, theme.accent, theme.good, theme.bad, theme.warn):
            assert contrast(text, ground) >= 4.5, (text, ground)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_the_style_has_a_variable_for_every_emotion():
    assert all(f"--{emotion}:#" in css_variables(DARK) for emotion in EMOTIONS)
