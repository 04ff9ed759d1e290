"""What each format holds besides its marks."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import opentimelineio as otio
import pympi
import pytest
from praatio import textgrid

from tests.report.annotations.sheets import CREATED, RATES, scene, sheet, written
from tests.report.example import one_window
from voxemo_scan.report.annotations.formats import FORMATS
from voxemo_scan.report.annotations.sheet import make_sheet
from voxemo_scan.scan.result import SceneResult, Speaker, Turn


def tiers(made, folder):
    return textgrid.openTextgrid(str(written("textgrid", made, folder)), includeEmptyIntervals=True)


def test_a_textgrid_has_five_tiers_that_each_cover_the_scene(tmp_path):
    made = sheet(base="source")
    grid = tiers(made, tmp_path)
    assert grid.tierNames == ("emotion", "confidence", "voice", "gender", "speech")
    for name in grid.tierNames:
        entries = grid.getTier(name).entries
        assert entries[0].start == 39.0
        assert entries[-1].end == pytest.approx(39.0 + 200.0)
        for before, after in itertools.pairwise(entries):
            assert before.end == after.start


def test_a_textgrid_tells_speech_from_speech_that_was_not_judged(tmp_path):
    result = scene()
    spoken = tiers(sheet(result), tmp_path).getTier("speech").entries
    lengths = dict.fromkeys(("speech", "abstained", ""), 0.0)
    for entry in spoken:
        lengths[entry.label] += entry.end - entry.start
    assert lengths["speech"] + lengths["abstained"] == pytest.approx(result.speech_s, abs=0.5)
    assert lengths["abstained"] >= result.abstained_s - 0.5 > 0


def test_genders_are_the_voices_own_and_none_where_that_is_unsure(tmp_path):
    result = scene()
    known = {speaker.id: speaker.gender for speaker in result.speakers}
    assert set(known.values()) == {"female", "male", None}
    for turn in result.turns:
        labels = [g.text for g in sheet(result).genders if g.start_s == turn.start_s]
        assert labels == ([known[turn.voice]] if known[turn.voice] else [])


def test_without_voices_a_segment_has_the_gender_of_its_windows_together():
    window = one_window().windows[0]
    several = tuple(
        replace(window, start_s=s, end_s=s + 1, female=f) for s, f in ((0.4, 0.3), (1.4, 0.99))
    )
    (gender,) = sheet(replace(one_window(), windows=several)).genders
    # The mean of log odds -0.85 and 4.60 is 1.87, the probability 0.867.
    assert (gender.text, round(gender.confidence, 3)) == ("female", 0.867)


def test_praat_and_elan_texts_are_quoted(tmp_path):
    voice = 'A "quoted" <b> & ü'
    result = replace(one_window(), turns=(Turn(0.4, 2.64, voice),))
    made = sheet(result)
    entries = tiers(made, tmp_path).getTier("voice").entries
    assert [entry.label for entry in entries if entry.label] == [voice]
    eaf = pympi.Elan.Eaf(str(written("eaf", made, tmp_path)))
    assert [text for *_, text in eaf.get_annotation_data_for_tier("voice")] == [voice]


def test_an_elan_document_hangs_confidence_on_its_emotion(tmp_path):
    made = sheet()
    eaf = pympi.Elan.Eaf(str(written("eaf", made, tmp_path)))
    assert set(eaf.get_tier_names()) == {"emotion", "confidence", "voice", "gender", "speech"}
    found = eaf.get_ref_annotation_data_for_tier("confidence")
    assert len(found) == len(made.marks)
    for (start, end, figure, emotion), mark in zip(sorted(found), made.marks, strict=True):
        assert (start, end) == (round(mark.start_s * 1000), round(mark.end_s * 1000))
        assert (figure, emotion) == (f"{mark.confidence:.2f}", mark.emotion)


def test_an_elan_document_finds_its_film_beside_it_and_where_the_scene_is_in_it(tmp_path):
    (media,) = pympi.Elan.Eaf(str(written("eaf", sheet(), tmp_path))).get_linked_files()
    assert media["RELATIVE_MEDIA_URL"] == "./a scene.mp4"
    assert media["MIME_TYPE"] == "video/mp4"
    assert media["TIME_ORIGIN"] == "39000"
    whole = written("eaf", sheet(base="source"), tmp_path)
    (media,) = pympi.Elan.Eaf(str(whole)).get_linked_files()
    assert "TIME_ORIGIN" not in media
    web = written("eaf", sheet(replace(scene(), source="https://example.org/a.mp4")), tmp_path)
    assert pympi.Elan.Eaf(str(web)).get_linked_files() == []


def test_rttm_has_ten_fields_and_each_voice_s_confidence():
    speaker = Speaker("A", "male", 0.1, 2.0, {}, 0.875)
    result = replace(one_window(), speakers=(speaker,), turns=(Turn(0.4, 2.64, "A"),))
    assert FORMATS["rttm"].write(sheet(result)) == (
        "SPEAKER a-scene 1 0.400 2.240 <NA> <NA> A 0.875 <NA>\n"
    )
    assert FORMATS["rttm"].write(sheet(scene(voices=False))) is None


def edl(made):
    return FORMATS["edl"].write(made)


def test_an_edit_list_names_its_marks_in_colours_for_avid_and_for_resolve():
    made = sheet(one_window(), rate=RATES["24"])
    assert edl(made).splitlines() == [
        "TITLE: One line only",
        "FCM: NON-DROP FRAME",
        "",
        "001  AX       V     C        00:00:00:10 00:00:02:15 00:00:00:10 00:00:02:15",
        " |C:ResolveColorYellow |M:happy 80 % |D:53",
        "* FROM CLIP NAME: One line only",
        "* LOC: 00:00:00:10 YELLOW  happy 80 %",
        "* FRAMES A SECOND: 24",
        "* EXPRESSED EMOTION, AS HEARD IN THE VOICES, BY VOXEMO-SCAN",
    ]


def test_locators_are_read_as_markers_at_their_frames():
    made = sheet(rate=RATES["25"])
    timeline = otio.adapters.read_from_string(edl(made), "cmx_3600", rate=25)
    markers = [m for item in timeline.tracks[0] for m in item.markers]
    assert [m.name for m in markers] == [mark.caption for mark in made.marks]
    for marker, mark in zip(markers, made.marks, strict=True):
        assert marker.marked_range.start_time.value == made.rate.frame(mark.start_s)
    assert {m.color for m in markers} >= {"BLUE", "MAGENTA"}


def test_drop_frame_is_declared_and_written():
    text = edl(sheet(rate=RATES["29.97"]))
    assert "FCM: DROP FRAME" in text
    assert "* FRAMES A SECOND: 29.97 drop-frame" in text
    assert " 00:01:" in text
    assert not [line for line in text.splitlines() if line.startswith("* LOC") and ";" not in line]


def test_marks_count_from_the_timecode_that_the_first_frame_has():
    rate = RATES["24"]
    first = rate.frame_at("01:00:00:00")
    made = sheet(one_window(), rate=rate, first_frame=first)
    assert "01:00:00:10 01:00:02:15" in edl(made)
    timeline = otio.adapters.read_from_string(FORMATS["otio"].write(made), "otio_json")
    assert timeline.global_start_time.to_timecode() == "01:00:00:00"


def test_an_edit_list_is_ascii_and_no_text_ends_its_line_or_its_marker():
    voice = "A |D:1 |C:x\n002  AX"
    result = replace(one_window(), title="Amélie à l'été | 東京", turns=(Turn(0.4, 2.64, voice),))
    text = edl(sheet(result))
    assert text.isascii()
    assert "TITLE: Amelie a l'ete" in text
    (resolve,) = [line for line in text.splitlines() if line.startswith(" |C:")]
    assert resolve.count("|") == 3
    assert len([line for line in text.splitlines() if line[:3].isdigit()]) == 1
    assert "TITLE: a-scene" in edl(sheet(replace(result, title="東京")))


def test_more_than_999_marks_are_all_there():
    window = one_window().windows[0]
    many = tuple(
        replace(window, start_s=n * 3.0, end_s=n * 3.0 + 2, probabilities=window.probabilities)
        for n in range(1200)
    )
    made = sheet(replace(one_window(), windows=many, duration_s=3600.0), rate=RATES["25"])
    timeline = otio.adapters.read_from_string(edl(made), "cmx_3600", rate=25)
    assert len(list(timeline.find_clips())) == 1200


def test_a_timeline_says_what_it_is_of():
    made = sheet(rate=RATES["23.976"], base="source")
    timeline = otio.adapters.read_from_string(FORMATS["otio"].write(made), "otio_json")
    (clip,) = timeline.find_clips()
    assert clip.media_reference.target_url == "film/a scene.mp4"
    assert clip.source_range.start_time.to_seconds() == pytest.approx(39, abs=0.5 / 23)
    assert clip.source_range.duration.to_seconds() == pytest.approx(200, abs=1 / 23)
    assert clip.source_range.start_time.rate == pytest.approx(24000 / 1001)
    about = clip.markers[0].metadata["voxemo_scan"]
    assert about["emotion"] == made.marks[0].emotion
    assert about["confidence"] == pytest.approx(made.marks[0].confidence)
    assert about["voice"] == made.marks[0].voice
    assert json.loads(FORMATS["otio"].write(made))["metadata"]["voxemo_scan"]["time_base"] == (
        "source"
    )


def test_a_scene_without_speech_makes_files_without_marks(tmp_path):
    silent = SceneResult(id="a", title="A", source="a.wav", status="no-speech", duration_s=5.0)
    made = make_sheet(silent, name="a", created=CREATED)
    assert FORMATS["srt"].write(made) == FORMATS["audacity"].write(made) == ""
    grid = tiers(made, tmp_path)
    assert {entry.label for name in grid.tierNames for entry in grid.getTier(name).entries} == {""}
    timeline = otio.adapters.read_from_string(FORMATS["otio"].write(made), "otio_json")
    assert [len(clip.markers) for clip in timeline.find_clips()] == [0]
