/** @file The training that is done both in Node.js and in a browser: the bits must be the same. */
import { encodeWav } from "auricle/audio";

/** The target that every engine has. */
export const REQUEST = { model: "notebook", window: 0.1, epochs: 3, target: "wasm" };
export const OPTIONS = { threads: 1 };
export const RUN = "one";

const CLASSES = { low: 300, high: 2700 };
const CLIPS = 6;
const SAMPLE_RATE = 22_050;
const SAMPLES = SAMPLE_RATE / 2;

/** Recordings in whole numbers alone, so that they are the same everywhere: square waves in noise. */
export function recordings() {
  return Object.entries(CLASSES).flatMap(([name, frequency], index) =>
    Array.from({ length: CLIPS }, (_, clip) => ({
      path: `${name}/${name}-${clip}.wav`,
      file: encodeWav({ sampleRate: SAMPLE_RATE, channels: [samples(frequency, 100 * index + clip)] }),
    })),
  );
}

function samples(frequency, seed) {
  let noise = seed + 1;
  return Float32Array.from({ length: SAMPLES }, (_, i) => {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
    const sign = Math.floor((2 * frequency * i) / SAMPLE_RATE) % 2 === 0 ? 1 : -1;
    return (sign * (256 + 8 * seed) + (noise >>> 24)) / 4096;
  });
}

/** The parts of an end that must be the same: figures, and each example's outputs, without places and times. */
export function comparable({ result, metrics }) {
  return { evaluations: result.evaluations, metrics: metrics.map((one) => ({ ...one, seconds: 0 })) };
}
