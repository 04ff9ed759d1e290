// A recording on its waveform, coloured by what is heard, with its course beneath: one time axis,
// one slider, used by pointer or keyboard.

import { drawAxis, drawCourse, drawGenders } from "/static/course.js";
import { el } from "/static/dom.js";
import { peaksOf, drawWave } from "/static/wave.js";
import { Moments } from "/static/track.js";
import { clock, listing } from "/static/words.js";

let sounding = null;  // one at a time

export class Player {
  /** `chosen` is called with the time of each moment that is chosen. */
  constructor(take, chosen = () => {}) {
    this.take = take;
    this.chosen = chosen;
    this.moments = new Moments(take.scene);
    this.time = 0;
    this.met = false;
    this.audio = el("audio", { preload: "metadata" });
    this.address = URL.createObjectURL(take.blob);
    this.audio.src = this.address;
    this.node = el("figure", { class: "score" }, this.controls(), this.tracks());
    this.listen();
    this.paint();
    this.show();
  }

  controls() {
    this.word = el("span", { class: "unseen" });
    this.button = el("button", { type: "button", class: "play", onclick: () => this.toggle() },
      el("span", { class: "glyph", "aria-hidden": "true" }), this.word);
    this.clock = el("span", { class: "clock" });
    this.readout = el("p", { class: "readout", "aria-hidden": "true" });
    return el("div", { class: "player" }, this.button, this.clock, this.readout, this.audio);
  }

  tracks() {
    this.canvas = el("canvas", { class: "wave", "aria-hidden": "true" });
    const row = (name, label, ...figure) => el("div", { class: `row ${name}` },
      el("span", { class: "label" }, label), el("div", { class: "track" }, ...figure));
    const told = `The course of ${this.take.title}: ${this.take.scene.shares ? listing(this.take.scene.shares) : "no speech"}`;
    return el("div", { class: "tracks" },
      row("sound", "sound", this.canvas),
      row("emotion", "emotion", drawCourse(this.moments, told)),
      row("voice", [el("span", {}, "women"), " ", el("span", {}, "men")], drawGenders(this.moments)),
      row("axis-row", "", drawAxis(this.moments)),
      this.slider());
  }

  slider() {
    this.held = el("span", { class: "held" });
    this.cursor = el("span", { class: "cursor" });
    this.seeker = el("div", {
      class: "seeker", role: "slider", tabindex: 0, "aria-label": `Moment in ${this.take.title}`,
      "aria-valuemin": 0, "aria-valuemax": this.moments.length.toFixed(1),
      onclick: event => { this.preview = null; this.playWindow(this.timeAt(event)); },
      onpointermove: event => { this.met = true; this.preview = this.timeAt(event); this.show(); },
      onpointerleave: () => { this.preview = null; this.show(); },
      onkeydown: event => this.pressed(event),
    }, this.held, this.cursor);
    return this.seeker;
  }

  listen() {
    const follow = () => {
      if (this.audio.paused) return;
      this.time = this.audio.currentTime;
      this.show();
      requestAnimationFrame(follow);
    };
    this.audio.addEventListener("play", () => {
      if (sounding && sounding !== this) sounding.audio.pause();
      sounding = this;
      this.met = true;
      this.show();
      follow();
    });
    for (const event of ["pause", "ended"]) this.audio.addEventListener(event, () => this.show());
    this.audio.addEventListener("error", () => {
      this.button.disabled = true;
      this.readout.textContent = "This browser cannot play this kind of file; what was heard in it stands all the same.";
      this.readout.removeAttribute("aria-hidden");
      this.silent = true;
    });
  }

  async paint() {
    const peaks = await peaksOf(this.take);
    const draw = () => drawWave(this.canvas, peaks, this.moments);
    this.redraw = draw;
    new ResizeObserver(draw).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  }

  timeAt(event) {
    const box = this.seeker.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * this.moments.length;
  }

  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const later = () => this.seek(this.moments.after(this.time));
    const sooner = () => this.seek(this.moments.before(this.time));
    const to = {
      ArrowRight: later, ArrowUp: later, ArrowLeft: sooner, ArrowDown: sooner,
      PageUp: () => this.seek(this.time + 10), PageDown: () => this.seek(this.time - 10),
      Home: () => this.seek(0), End: () => this.seek(this.moments.length),
      Enter: () => this.playWindow(this.time), " ": () => this.toggle(),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    this.preview = null;
    to();
  }

  seek(time) {
    this.met = true;
    this.time = Math.min(Math.max(time, 0), this.moments.length);
    if (!this.silent) this.audio.currentTime = this.time;
    this.show();
    this.chosen(this.time);
  }

  playWindow(time) {
    this.seek(this.moments.windowAt(time)?.start_s ?? time);
    this.play();
  }

  play() {
    if (!this.silent) this.audio.play().catch(() => this.show());
  }

  toggle() {
    if (this.audio.paused) this.play(); else this.audio.pause();
  }

  show() {
    const time = this.preview ?? this.time;
    const window = this.moments.windowAt(time);
    const percent = seconds => `${100 * seconds / this.moments.length}%`;
    this.button.classList.toggle("playing", !this.audio.paused);
    this.word.textContent = `${this.audio.paused ? "Play" : "Pause"} ${this.take.title}`;
    this.cursor.style.left = percent(this.time);
    this.held.hidden = !window;
    if (window) {
      this.held.style.left = percent(window.start_s);
      this.held.style.width = percent(window.end_s - window.start_s);
    }
    this.clock.textContent = `${clock(Math.floor(time))} of ${clock(this.moments.length)}`;
    if (!this.silent) this.readout.textContent = this.met ? this.moments.told(time)
      : "Choose a moment to hear it; arrow keys step, space plays.";
    this.seeker.setAttribute("aria-valuenow", this.time.toFixed(1));
    this.seeker.setAttribute("aria-valuetext", `${clock(Math.floor(this.time))}, ${this.moments.told(this.time)}`);
  }

  /** Fall silent and let the sound go. */
  close() {
    this.audio.pause();
    URL.revokeObjectURL(this.address);
  }
}
