// A scene's moments: which window holds at a time, and what is heard in it, in words.
const Moments = (() => {
  "use strict";
  const EMOTIONS = ["neutral", "happy", "sad", "angry", "fear", "disgust"];

  function clock(seconds) {
    const whole = Math.max(Math.floor(seconds + 1e-6), 0);
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = number => String(number).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  }

  class Moments {
    constructor(data) {
      this.length = data.length;
      this.segments = data.segments;
      this.windows = data.windows.map(([start, end, shares, voice]) => ({
        start, end, shares, voice: data.voices[voice],
      }));
    }

    /** The last window that has begun and not ended at `time`; its index or -1. */
    at(time) {
      let low = 0, high = this.windows.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.windows[middle].start <= time + 1e-3) low = middle + 1; else high = middle;
      }
      return low > 0 && this.windows[low - 1].end > time ? low - 1 : -1;
    }

    /** The start of the next window after `time`, or of the last one. */
    after(time) {
      const found = this.windows.find(window => window.start > time + 0.05);
      return found ? found.start : time;
    }

    /** The start of the window before the one that holds at `time`. */
    before(time) {
      const found = this.windows.filter(window => window.start < time - 0.35);
      return found.length ? found[found.length - 1].start : 0;
    }

    /** What is heard at `time`, the strongest first. */
    told(time) {
      const window = this.windows[this.at(time)];
      if (!window) {
        const spoken = this.segments.some(([start, end]) => start <= time && time < end);
        return spoken ? "speech without a verdict" : "no speech";
      }
      const order = EMOTIONS.map((emotion, n) => [window.shares[n], emotion])
        .sort((a, b) => b[0] - a[0]).filter(([share], n) => n === 0 || share >= 15).slice(0, 3);
      const heard = order.map(([share, emotion]) => `${emotion} ${share}\u00a0%`).join(", ");
      return window.voice ? `${heard}; ${window.voice}` : heard;
    }
  }
  return { Moments, clock };
})();
