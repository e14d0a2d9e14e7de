/** @file The trainings that are done both in Node.js and in a browser: the bits must be the same. */
import { encodeWav } from "auricle/audio";

export const OPTIONS = { threads: 1 };

/** The target that every engine has. */
const target = "wasm";

/** By the name of the data. Where it is not stopped, the page is opened again in the midst of it. */
export const TRAININGS = {
  tones: {
    files: recordings,
    isStopped: true,
    request: { model: "notebook", window: 0.1, epochs: 10, target },
  },
  shapes: {
    files: pictures,
    isStopped: false,
    request: { model: "lenet5", duplicates: false, epochs: 20, batchSize: 8, target },
  },
};

const CLASSES = ["low", "high"];
const EXAMPLES = 6;

/** Files of two classes that differ by their number. */
function filesOf(ending, contentOf) {
  return CLASSES.flatMap((name, index) =>
    Array.from({ length: EXAMPLES }, (_, example) => ({
      path: `${name}/${name}-${example}.${ending}`,
      file: contentOf(index, 100 * index + example),
    })),
  );
}

/** Numbers from 0 to 255, the same everywhere. */
function noise(seed) {
  let state = seed + 1;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
}

const SAMPLE_RATE = 22_050;
const SAMPLES = SAMPLE_RATE / 2;

/** Recordings in whole numbers alone: square waves in noise. */
function recordings() {
  return filesOf("wav", (index, seed) => {
    const frequency = [300, 2700][index];
    const next = noise(seed);
    const samples = Float32Array.from({ length: SAMPLES }, (_, i) => {
      const sign = Math.floor((2 * frequency * i) / SAMPLE_RATE) % 2 === 0 ? 1 : -1;
      return (sign * (256 + 8 * seed) + next()) / 4096;
    });
    return encodeWav({ sampleRate: SAMPLE_RATE, channels: [samples] });
  });
}

const SIDE = 40;

/** Pictures with stripes, wide or narrow, in noise, as BMP files of 24 bits: rows of a multiple of 4 bytes, the lowest first. */
function pictures() {
  return filesOf("bmp", (index, seed) => {
    const next = noise(seed);
    const header = 54;
    const bytes = new Uint8Array(header + 3 * SIDE * SIDE);
    const view = new DataView(bytes.buffer);
    bytes.set([0x42, 0x4d]);
    view.setUint32(2, bytes.length, true);
    view.setUint32(10, header, true);
    view.setUint32(14, 40, true);
    view.setInt32(18, SIDE, true);
    view.setInt32(22, SIDE, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, 24, true);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const stripe = Math.floor((i % SIDE) / [8, 2][index]) % 2;
      for (let color = 0; color < 3; color++) bytes[header + 3 * i + color] = 100 * stripe + (next() >> 1);
    }
    return bytes;
  });
}

/** The parts of an end that must be the same: figures, and each example's outputs, without places and times. */
export function comparable({ result, metrics }) {
  return { evaluations: result.evaluations, metrics: metrics.map((one) => ({ ...one, seconds: 0 })) };
}

/** The outputs for all files of a folder, in the order of their names. */
export async function outputsOf(session, run, data) {
  const outputs = [];
  await session.predict(run, [data], OPTIONS).listen(({ prediction }) => {
    if (prediction) outputs.push([...prediction.outputs]);
  });
  return outputs;
}
