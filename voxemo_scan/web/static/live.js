// The line to the server while one records: sound goes up, what is heard comes back.

import { Trouble, sentence } from "/static/api.js";

const FULL_BYTES = 2_000_000;
const PATIENCE_MS = 15_000;

export class Live {
  /** `heard` is called with every result. */
  constructor(heard) {
    this.heard = heard;
    this.fault = null;
  }

  /** Open the line; resolves when the server is ready. */
  open(samplingRate) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
    this.socket.binaryType = "arraybuffer";
    this.ended = new Promise((resolve, reject) => { this.resolve = resolve; this.reject = reject; });
    this.ended.catch(() => {});
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(lost()), PATIENCE_MS);
      this.ended.catch(error => { clearTimeout(timer); reject(error); });
      this.ready = () => { clearTimeout(timer); resolve(); };
      this.socket.onopen = () => this.socket.send(JSON.stringify({ type: "start", sampling_rate: samplingRate }));
      this.socket.onmessage = event => this.take(JSON.parse(event.data));
      this.socket.onclose = () => this.fail(lost());
      this.socket.onerror = () => this.fail(lost());
    });
  }

  take(message) {
    if (message.type === "ready") this.ready();
    else if (message.type === "heard") this.heard(message);
    else if (message.type === "done") { this.resolve(message.scene); this.close(); }
    else if (message.type === "error") this.fail(new Trouble(sentence(message.message), { remedy: sentence(message.remedy) }));
  }

  fail(error) {
    this.fault ??= error;
    this.reject(error);
    this.close();
  }

  /** Send a block of samples; a line that cannot take more is given up, the recording is not. */
  send(block) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > FULL_BYTES) this.fail(lost());
    else this.socket.send(block);
  }

  /** Say that this was all; resolves with the scene of the whole recording. */
  finish() {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type: "stop" }));
    return this.ended;
  }

  close() {
    if (this.socket) this.socket.onclose = this.socket.onerror = null;
    this.socket?.close();
  }
}

const lost = () => new Trouble("The live line to the server broke.", { remedy: "Try again." });
