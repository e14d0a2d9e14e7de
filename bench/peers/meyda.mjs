/**
 * @file Meyda: the log-mel features of one clip, frame by frame, which is how it works. Its definition is one of its own
 * (another mel scale, triangles between whole bins, ln(1 + x), a symmetric window), so that numbers cannot be compared.
 *
 *     node bench/peers/meyda.mjs --clip clip.f32 --seconds 5 --limit 60
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadPeer, run } from "./measure.mjs";

const { values } = parseArgs({
  options: {
    clip: { type: "string", default: "" },
    threads: { type: "string", default: "1" },
    seconds: { type: "string", default: "5" },
    limit: { type: "string", default: "60" },
  },
});
const settings = JSON.parse(readFileSync(new URL("features.json", import.meta.url), "utf8"));
const { sampleRate, fftSize, hopLength, melBands } = settings;
const { module, version } = await loadPeer("meyda");
const meyda = module.default;
Object.assign(meyda, { sampleRate, bufferSize: fftSize, melBands });

const bytes = readFileSync(values.clip);
const clip = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

function logMel() {
  const padded = new Float32Array(clip.length + fftSize);
  padded.set(clip, fftSize / 2);
  const frames = 1 + Math.floor(clip.length / hopLength);
  const features = new Float32Array(frames * melBands);
  for (let frame = 0; frame < frames; frame++) {
    const signal = padded.subarray(frame * hopLength, frame * hopLength + fftSize);
    features.set(meyda.extract("melBands", signal), frame * melBands);
  }
  return features;
}

const [seconds, limit] = [values.seconds, values.limit].map(Number);
const flags = { workload: "log-mel", phase: "infer", threads: 1, seconds, limit, backend: undefined };
await run({ peer: "meyda", version }, flags, async () => logMel);
