// In the audio thread: hands on what the microphone hears, some fifty milliseconds at a time.

class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.size = Math.round(sampleRate / 20);
    this.clear();
  }

  clear() {
    this.block = new Float32Array(this.size);
    this.filled = 0;
  }

  process([input]) {
    const heard = input[0];
    if (!heard) return true;
    for (let at = 0; at < heard.length;) {
      const part = heard.subarray(at, at + this.size - this.filled);
      this.block.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === this.size) {
        this.port.postMessage(this.block, [this.block.buffer]);
        this.clear();
      }
    }
    return true;
  }
}

registerProcessor("tap", Tap);
