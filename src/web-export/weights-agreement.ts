/** @file How near a model with rounded weights comes to the model itself, on sounds and pictures that code makes. Browser-safe. */
import { AudioModel } from "../audio-model/audio-model.ts";
import { isAudioModelDescribed } from "../audio-model/description.ts";
import { indexOfLargest } from "../audio-model/outputs.ts";
import { digitsDataset } from "../data/synthesis/digits/digits.ts";
import { renderStyle, STYLE_NAMES } from "../data/synthesis/styles/index.ts";
import type { Task } from "../data/collection/collection.ts";
import { ImageModel } from "../image-model/index.ts";
import type { Model } from "../nn/index.ts";

export interface Agreement {
  readonly measuredOn: "built-in sounds" | "built-in pictures";
  readonly examples: number;
  /** The share of examples with the same most probable class, or with the same tags; absent for numbers. */
  readonly same?: number;
  /** The largest difference of any output. */
  readonly largestDifference: number;
}

/** The seconds of each of the ten pieces: to render them takes longer than to hear them. */
const SECONDS = 3;
const PICTURES = 50;
const SIDE = 28;

/** Compares two models of one description. */
export async function weightsAgreement(exact: Model, rounded: Model): Promise<Agreement> {
  if (isAudioModelDescribed(exact.metadata)) {
    const [one, other] = [new AudioModel(exact), new AudioModel(rounded)];
    const sounds = STYLE_NAMES.map((style) => renderStyle(style, { seed: 1, seconds: SECONDS }));
    const pairs: Pair[] = [];
    for (const sound of sounds) {
      const [first, second] = [await one.predict(sound), await other.predict(sound)];
      first.windows.forEach(({ outputs }, i) => pairs.push([outputs, second.windows[i].outputs]));
    }
    return agreement("built-in sounds", one.description.task, pairs);
  }
  const [one, other] = [new ImageModel(exact), new ImageModel(rounded)];
  const pictures = builtInPictures();
  const [first, second] = [await one.predict(pictures), await other.predict(pictures)];
  const pairs = first.map((outputs, i): Pair => [outputs, second[i]]);
  return agreement("built-in pictures", one.description.task, pairs);
}

type Pair = readonly [exact: Float32Array, rounded: Float32Array];

function agreement(measuredOn: Agreement["measuredOn"], task: Task, pairs: readonly Pair[]): Agreement {
  const differences = pairs.flatMap(([a, b]) => Array.from(a, (value, i) => Math.abs(value - b[i])));
  const same = pairs.filter(([a, b]) => answerOf(task, a) === answerOf(task, b)).length / pairs.length;
  return {
    measuredOn,
    examples: pairs.length,
    ...(task !== "regression" && { same }),
    largestDifference: Math.max(...differences),
  };
}

function answerOf(task: Task, outputs: Float32Array): string {
  if (task === "classification") return String(indexOfLargest(outputs));
  return Array.from(outputs, (value) => (value >= 0.5 ? 1 : 0)).join("");
}

/** Digits as grey pictures, each turned into a picture of three channels by its neighbours, so that colours differ too. */
function builtInPictures() {
  const digits = digitsDataset({ role: "test", count: PICTURES + 2 });
  const size = SIDE * SIDE;
  const values = new Float32Array(digits.length * size);
  void digits.read(
    Array.from({ length: digits.length }, (_, i) => i),
    values,
    new Int32Array(digits.length),
  );
  return Array.from({ length: PICTURES }, (_, i) => {
    const data = Uint8Array.from({ length: 3 * size }, (_, at) => {
      const channel = at % 3;
      return Math.round(255 * values[(i + channel) * size + Math.floor(at / 3)]);
    });
    return { width: SIDE, height: SIDE, channels: 3 as const, data };
  });
}
