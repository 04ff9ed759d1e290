// The scenes' tracks: heard, sought and read by pointer or keyboard. A scene comes to life when it
// is about to be seen, so that a page of hundreds opens at once.
(() => {
  "use strict";
  const { clock } = Moments;
  const COLOURS = { n: "neutral", h: "happy", s: "sad", a: "angry", f: "fear", d: "disgust", u: "muted", "-": "line" };
  const HEIGHT = 64;
  let sounding = null;  // one scene at a time

  const make = (name, className, attributes = {}) => {
    const element = document.createElement(name);
    element.className = className;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const bytes = base64 => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));

  /** A scene's sound, taken out of what a page without scripts shows; null if there is none. */
  function embedded(article) {
    const held = article.querySelector(".player noscript");
    const found = held && /src="data:([^;"]+);base64,([^"]+)"/.exec(held.textContent);
    if (!found) return null;
    const audio = make("audio", "", { preload: "none" });
    audio.src = URL.createObjectURL(new Blob([bytes(found[2])], { type: found[1] }));
    held.replaceWith(audio);
    return audio;
  }

  class Player {
    constructor(article) {
      this.article = article;
      this.data = JSON.parse(article.querySelector("script.data").textContent);
      this.moments = new Moments.Moments(this.data);
      this.tracks = article.querySelector(".tracks");
      this.audio = embedded(article);
      this.title = article.querySelector("h2").innerText;
      this.time = 0;
      this.buildControls();
      this.buildSeeker();
      this.buildLinks();
      if (this.audio) this.buildWave();
      this.show();
    }

    buildControls() {
      const bar = this.article.querySelector(".player");
      this.readout = make("p", "readout", { "aria-hidden": "true" });
      if (this.audio) {
        this.button = make("button", "play", { type: "button" });
        this.button.append(make("span", "glyph", { "aria-hidden": "true" }), make("span", "unseen"));
        this.button.addEventListener("click", () => this.toggle());
        bar.append(this.button);
      }
      this.clock = make("span", "clock");
      bar.append(this.clock, this.readout);
      bar.classList.add("live");
      this.named(false);
    }

    named(playing) {
      if (!this.button) return;
      this.button.classList.toggle("playing", playing);
      this.button.lastChild.textContent = `${playing ? "Pause" : "Play"} ${this.title}`;
    }

    buildSeeker() {
      this.seeker = make("div", "seeker", {
        role: "slider", tabindex: "0", "aria-label": `Moment in ${this.title}`,
        "aria-valuemin": "0", "aria-valuemax": this.data.length.toFixed(1),
      });
      this.held = make("span", "held");
      this.cursor = make("span", "cursor");
      this.seeker.append(this.held, this.cursor);
      this.tracks.append(this.seeker);
      const timeAt = event => {
        const box = this.seeker.getBoundingClientRect();
        return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * this.data.length;
      };
      this.seeker.addEventListener("click", event => {
        this.preview = null;
        this.playWindow(timeAt(event));
      });
      this.seeker.addEventListener("pointermove", event => {
        this.met = true;
        this.preview = timeAt(event);
        this.show();
      });
      this.seeker.addEventListener("pointerleave", () => { this.preview = null; this.show(); });
      this.seeker.addEventListener("keydown", event => this.pressed(event));
    }

    buildLinks() {
      for (const place of this.article.querySelectorAll(".go")) {
        const button = make("button", "go", { type: "button" });
        const start = Number(place.dataset.s);
        button.append(place.textContent);
        button.setAttribute("aria-label", `${this.audio ? "Play from" : "Show"} ${place.textContent}`);
        button.addEventListener("click", () => { this.preview = null; this.seek(start); this.play(); });
        place.replaceWith(button);
      }
    }

    buildWave() {
      const row = this.article.querySelector(".sound .track");
      const holder = make("div", "wave");
      holder.style.width = `${100 * this.data.duration / this.data.length}%`;
      row.append(holder);
      this.peaks = [...bytes(this.data.peaks)].map(peak => peak / 255);
      this.wave = WaveSurfer.create({
        container: holder, media: this.audio, peaks: [this.peaks], duration: this.data.duration,
        height: HEIGHT, interact: false, cursorWidth: 0,
        hideScrollbar: true, renderFunction: (_, context) => this.draw(context),
      });
      row.classList.add("waved");
      this.wave.on("timeupdate", time => { this.time = time; this.show(); });
      this.wave.on("play", () => this.began());
      this.wave.on("pause", () => this.named(false));
      this.wave.on("finish", () => this.named(false));
      this.audio.addEventListener("error", () => {
        this.readout.textContent = "This browser cannot play Opus sound.";
      });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.wave.setOptions({}));
    }

    /** Draw the waveform, each bar in the colour of what is heard there. */
    draw(context) {
      const { width, height } = context.canvas;
      const style = getComputedStyle(document.documentElement);
      const step = width / this.peaks.length;
      const least = devicePixelRatio;
      this.peaks.forEach((peak, n) => {
        const half = Math.max(peak * height / 2, least / 2);
        context.fillStyle = style.getPropertyValue(`--${COLOURS[this.data.kinds[n]]}`);
        context.fillRect(n * step, height / 2 - half, Math.max(step * 0.8, least), 2 * half);
      });
    }

    hint() {
      return this.audio ? "Choose a moment to hear it; arrow keys step, space plays."
        : "Point at a moment to read it, or step with the arrow keys.";
    }

    pressed(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const to = {
        ArrowRight: () => this.seek(this.moments.after(this.time)),
        ArrowUp: () => this.seek(this.moments.after(this.time)),
        ArrowLeft: () => this.seek(this.moments.before(this.time)),
        ArrowDown: () => this.seek(this.moments.before(this.time)),
        PageUp: () => this.seek(this.time + 10),
        PageDown: () => this.seek(this.time - 10),
        Home: () => this.seek(0),
        End: () => this.seek(this.data.length),
        Enter: () => this.playWindow(this.time),
        " ": () => this.toggle(),
      }[event.key];
      if (!to) return;
      event.preventDefault();
      this.preview = null;
      to();
    }

    /** Play from the start of the window that holds at `time`, or from there if none does. */
    playWindow(time) {
      const window = this.moments.windows[this.moments.at(time)];
      this.seek(window ? window.start : time);
      this.play();
    }

    seek(time) {
      this.met = true;
      this.time = Math.min(Math.max(time, 0), this.data.length);
      if (this.wave) this.wave.setTime(Math.min(this.time, this.data.duration));
      this.show();
    }

    toggle() {
      if (this.wave && this.wave.isPlaying()) this.wave.pause(); else this.play();
    }

    play() {
      if (this.wave) this.wave.play().catch(() => this.named(false));
    }

    began() {
      this.met = true;
      if (sounding && sounding !== this) sounding.wave.pause();
      sounding = this;
      this.named(true);
    }

    show() {
      const time = this.preview ?? this.time;
      const window = this.moments.windows[this.moments.at(time)];
      const told = this.moments.told(time);
      const percent = seconds => `${100 * seconds / this.data.length}%`;
      this.cursor.style.left = percent(this.time);
      this.held.hidden = !window;
      if (window) {
        this.held.style.left = percent(window.start);
        this.held.style.width = percent(window.end - window.start);
      }
      this.clock.textContent = `${clock(time)} of ${clock(Math.round(this.data.length))}`;
      this.readout.textContent = this.met ? told : this.hint();
      this.seeker.setAttribute("aria-valuenow", this.time.toFixed(1));
      this.seeker.setAttribute("aria-valuetext", `${clock(this.time)}, ${this.moments.told(this.time)}`);
    }
  }

  const scenes = [...document.querySelectorAll(".scene")];
  const sleeping = new Set(scenes.filter(scene => scene.querySelector("script.data, .player noscript")));
  const wake = scene => {
    if (!sleeping.delete(scene)) return;
    watcher.unobserve(scene);
    if (scene.querySelector("script.data")) { new Player(scene); return; }
    const audio = embedded(scene);
    audio.controls = true;
    audio.setAttribute("aria-label", `Sound of ${scene.querySelector("h2").innerText}`);
  };
  const watcher = new IntersectionObserver(
    entries => entries.filter(entry => entry.isIntersecting).forEach(entry => wake(entry.target)),
    { rootMargin: "400px" },
  );
  sleeping.forEach(scene => watcher.observe(scene));
  addEventListener("focusin", event => {
    const scene = event.target.closest(".scene");
    if (scene) wake(scene);
  });
})();
