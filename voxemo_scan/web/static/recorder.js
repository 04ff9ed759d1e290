// Recording: the microphone's sound goes to the server as it is made, and a copy stays here.

import { sendFile } from "/static/api.js";
import { Live } from "/static/live.js";
import { Microphone } from "/static/microphone.js";
import { remember, state } from "/static/state.js";
import { toWav } from "/static/wav.js";

const COUNT_S = 3;
const MARGIN_S = 1;  // the server counts, too
let number = 0;

/**
 * One recording. `events`: `level(db)`, `counting(s)`, `started()`, `heard(message)`,
 * `lost()` when the live line breaks, `full()` when no more is taken.
 */
export class Recorder {
  constructor(events) {
    this.events = events;
    this.chunks = [];
    this.samples = 0;
    this.running = false;
    this.microphone = new Microphone((block, level) => this.take(block, level));
    this.live = new Live(message => events.heard(message));
  }

  get seconds() {
    return this.samples / this.microphone.samplingRate;
  }

  get leftS() {
    return Math.max(this.limitS - this.seconds, 0);
  }

  get limitS() {
    return state.info.limits.live_s - MARGIN_S;
  }

  /** Ask for the microphone, open the line, count down, begin. */
  async start() {
    try {
      await this.microphone.open();
      const ready = this.live.open(this.microphone.samplingRate);
      for (let left = COUNT_S; left > 0 && !this.over; left -= 1) {
        this.events.counting(left);
        await new Promise(resolve => setTimeout(resolve, 1000));
      }
      await ready;
    } catch (error) {
      const called = this.over;
      this.drop();
      if (called) return;
      throw error;
    }
    if (this.over) return;
    this.live.ended.catch(() => { if (this.running) this.events.lost(); });
    this.running = true;
    this.events.started();
  }

  take(block, level) {
    this.events.level(level);
    if (!this.running) return;
    this.chunks.push(block);
    this.samples += block.length;
    this.live.send(block);
    if (this.leftS <= 0) this.events.full();
  }

  /** Stop; resolves with the take. Where the live line broke, the recording is sent as a file. */
  async stop() {
    this.running = false;
    this.microphone.close();
    const blob = toWav(this.chunks, this.microphone.samplingRate);
    number += 1;
    const name = `recording-${number}.wav`;
    const scene = await this.live.finish().catch(() => sendFile("/api/v1/listen", blob, name));
    return remember({ title: `Recording ${number}`, blob, name, scene, kind: "recording" });
  }

  /** Call it off; nothing remains. */
  drop() {
    this.over = true;
    this.running = false;
    this.chunks = [];
    this.microphone.close();
    this.live.close();
  }
}
