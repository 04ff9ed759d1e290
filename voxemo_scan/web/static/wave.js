// A recording's waveform: its peaks, read in the browser, and the drawing of them.

const COUNT = 480;
const MOST_BYTES = 60_000_000;
const RATE = 8000;
const known = new WeakMap();

/** The peaks of a take's sound, 0..1; none where this browser cannot read it. */
export async function peaksOf({ blob }) {
  if (!known.has(blob)) known.set(blob, await read(blob).catch(() => []));
  return known.get(blob);
}

async function read(blob) {
  if (blob.size > MOST_BYTES) return [];
  const context = new OfflineAudioContext(1, 1, RATE);
  const sound = await context.decodeAudioData(await blob.arrayBuffer());
  const samples = sound.getChannelData(0);
  const size = samples.length / COUNT;
  const peaks = Array.from({ length: COUNT }, (_, n) => {
    let peak = 0;
    for (let at = Math.floor(n * size); at < Math.floor((n + 1) * size); at += 1)
      peak = Math.max(peak, Math.abs(samples[at]));
    return peak;
  });
  const loudest = Math.max(...peaks, 1e-6);
  return peaks.map(peak => peak / loudest);
}

/** Draw the peaks, each bar in the colour of what is heard there. */
export function drawWave(canvas, peaks, moments) {
  const { clientWidth, clientHeight } = canvas;
  if (!clientWidth) return;
  canvas.width = Math.round(clientWidth * devicePixelRatio);
  canvas.height = Math.round(clientHeight * devicePixelRatio);
  const context = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const colour = kind => style.getPropertyValue(`--${{ silence: "line", unjudged: "muted" }[kind] ?? kind}`);
  const step = canvas.width / COUNT;
  const least = devicePixelRatio;
  for (let n = 0; n < COUNT; n += 1) {
    const half = Math.max((peaks[n] ?? 0) * canvas.height / 2, least / 2);
    context.fillStyle = colour(moments.kind((n + 0.5) / COUNT * moments.length));
    context.fillRect(n * step, canvas.height / 2 - half, Math.max(step * 0.75, least), 2 * half);
  }
}
