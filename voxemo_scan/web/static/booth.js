// The recording booth: a button, a level, a count, and what is heard while one speaks.

import { LiveBars } from "/static/bars.js";
import { drawCourse } from "/static/course.js";
import { button, el, say } from "/static/dom.js";
import { troubleBox, waiting } from "/static/notices.js";
import { Recorder } from "/static/recorder.js";
import { state } from "/static/state.js";
import { Moments, strongest } from "/static/track.js";
import { EMOTIONS, clock, minutes, voicesListing } from "/static/words.js";

const QUIETEST_DB = -60;
const UNHEARD_S = 4;

export class Booth {
  /** `done` is called with each take, `begun` before a recording, `busy` when one is under way. */
  constructor({ begun, done, busy }) {
    Object.assign(this, { begun, done, busy });
    this.node = el("section", { class: "booth", "aria-labelledby": "booth-title" });
    this.rest();
  }

  rest(note = null) {
    this.recorder = null;
    this.busy(false);
    this.node.replaceChildren(
      el("h2", { id: "booth-title" }, "Record"),
      el("p", {}, `Speak a few sentences, as you would act them. At most ${minutes(state.info.limits.live_s)}.`),
      button("Record", () => this.record(), { class: "record" }),
      el("p", { class: "small" }, "Your browser asks for the microphone first. Sound goes to this server only while you record."),
      ...[note].filter(Boolean));
  }

  async record() {
    this.begun();
    this.build();
    this.recorder = new Recorder({
      level: db => this.level(db),
      counting: left => this.count(`Begins in ${left}`),
      started: () => this.started(),
      heard: message => this.heard(message),
      lost: () => this.lost(),
      full: () => this.stop(),
    });
    try {
      await this.recorder.start();
    } catch (error) {
      this.rest(troubleBox(error));
    }
  }

  build() {
    this.busy(true);
    this.windows = [];
    this.bars = new LiveBars();
    this.meterBar = el("span", {});
    this.meter = el("div", { class: "meter", role: "meter", "aria-label": "Level of the microphone", "aria-valuemin": QUIETEST_DB, "aria-valuemax": 0, "aria-valuenow": QUIETEST_DB }, this.meterBar);
    this.counter = el("p", { class: "counter" }, "Waiting for the microphone…");
    this.stopper = button("Stop", () => this.stop(), { class: "record stop", disabled: true });
    this.state = el("p", { class: "now" }, " ");
    this.voices = el("p", { class: "voices small" });
    this.course = el("div", { class: "livecourse" });
    this.node.replaceChildren(
      el("h2", { id: "booth-title" }, "Recording"),
      el("div", { class: "deck" }, this.stopper, el("div", {}, this.counter, this.meter)),
      button("Cancel", () => { this.recorder.drop(); say("Recording dropped."); this.rest(); }, { class: "plain" }),
      this.state,
      el("div", { class: "livefigures" }, el("div", {}, this.bars.node, this.voices), this.course));
    say("Allow the microphone in your browser.");
    this.stopper.focus();
  }

  level(db) {
    const part = Math.min(Math.max(1 - db / QUIETEST_DB, 0), 1);
    this.meterBar.style.transform = `scaleX(${part.toFixed(3)})`;
    this.meter.classList.toggle("loud", db > -3);
    this.meter.setAttribute("aria-valuenow", Math.round(Math.max(db, QUIETEST_DB)));
    this.meter.setAttribute("aria-valuetext", db > -3 ? "too loud" : db < -50 ? "quiet" : "good");
    if (this.recorder?.running) this.tell();
  }

  count(text) {
    this.counter.textContent = text;
    say(text);
  }

  started() {
    this.stopper.disabled = false;
    this.stopper.focus();
    this.state.textContent = "Listening for speech…";
    this.tell();
    say("Recording. Speak now.");
  }

  tell() {
    const { seconds, leftS } = this.recorder;
    this.counter.textContent = `${clock(Math.floor(seconds))}, ${clock(Math.ceil(leftS))} left`;
  }

  heard(message) {
    if (message.window) this.windows.push(message.window);
    if (message.shares) this.bars.show(message.shares);
    if (Object.keys(message.voices ?? {}).length) this.voices.textContent = `Voices: ${voicesListing(message.voices)}`;
    this.state.replaceChildren(...this.words(message));
    if (!this.windows.length) return;
    const moments = new Moments({ windows: this.windows, segments: [], duration_s: Math.max(message.at_s, 10) });
    this.course.replaceChildren(drawCourse(moments, "The course so far", 0.12));
  }

  lost() {
    this.state.textContent = "The live line broke. Speak on: the recording is heard as a whole when you stop.";
    say(this.state.textContent);
  }

  words(message) {
    const window = this.windows.at(-1);
    const recent = window && message.at_s - window.end_s < UNHEARD_S;
    const now = recent ? strongest(EMOTIONS.map(emotion => window.probabilities[emotion])) : null;
    if (now && now !== this.told) { this.told = now; say(`Now ${now}`); }
    const text = now ? ["Now ", el("strong", { class: "nowword" }, now)] : [message.speech ? "Speech…" : "No speech yet."];
    if (message.speech === false && now) text.push(", pause");
    if (message.behind_s > 1.5) text.push(el("span", { class: "small" }, ` · the server is ${message.behind_s.toFixed(0)} s behind`));
    return text;
  }

  async stop() {
    if (!this.recorder?.running) return;
    const { recorder } = this;
    const patience = waiting("Hearing the whole recording…");
    this.stopper.disabled = true;
    this.counter.textContent = `${clock(Math.floor(recorder.seconds))} recorded`;
    this.state.replaceChildren(patience);
    try {
      const take = await recorder.stop();
      this.rest();
      this.done(take);
    } catch (error) {
      this.rest(troubleBox(error));
    }
  }

  close() {
    this.recorder?.drop();
  }
}
