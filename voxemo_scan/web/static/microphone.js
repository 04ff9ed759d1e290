// The microphone: asked for, tapped, and let go.

import { Trouble } from "/static/api.js";

const REFUSED = {
  NotAllowedError: ["The microphone was refused.", "Allow it for this page: the sign beside the address opens the browser's settings. Or choose a file instead."],
  NotFoundError: ["No microphone was found.", "Connect one, or choose a file instead."],
  NotReadableError: ["The microphone is taken by another program.", "Close that program, or choose a file instead."],
};

export class Microphone {
  /** `heard` is called with each block of samples (Float32Array, mono) and its level in dB. */
  constructor(heard) {
    this.heard = heard;
  }

  get samplingRate() {
    return this.context.sampleRate;
  }

  async open() {
    if (!navigator.mediaDevices?.getUserMedia)
      throw new Trouble("This browser gives no microphone here.", {
        remedy: "Browsers do so only over https, or at localhost on the server's own machine. Choose a file instead.",
      });
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
    } catch (error) {
      const [message, remedy] = REFUSED[error.name] ?? ["The microphone could not be opened.", "Choose a file instead."];
      throw new Trouble(message, { remedy });
    }
    await this.tap();
  }

  async tap() {
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule("/static/tap.js");
    const node = new AudioWorkletNode(this.context, "tap", { channelCount: 1, channelCountMode: "explicit" });
    const silent = new GainNode(this.context, { gain: 0 });  // some browsers run only what leads somewhere
    node.port.onmessage = event => this.heard(event.data, level(event.data));
    this.context.createMediaStreamSource(this.stream).connect(node).connect(silent).connect(this.context.destination);
    if (this.context.state === "suspended") await this.context.resume();
  }

  close() {
    this.stream?.getTracks().forEach(track => track.stop());
    if (this.context && this.context.state !== "closed") this.context.close();
  }
}

/** The level of a block, dB below full scale; -100 for silence. */
export function level(block) {
  let sum = 0;
  for (const sample of block) sum += sample * sample;
  return Math.max(10 * Math.log10(sum / block.length + 1e-12), -100);
}
