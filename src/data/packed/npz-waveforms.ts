/** @file Sounds with labels as arrays of NumPy: an .npz file that has their rate besides. Browser-safe. */

import { join } from "#here/io/path";
import { encodeWav, type WavBitDepth } from "../../audio/write/encode-wav.ts";
import { AuricleError } from "../../errors.ts";
import { numbersOf, type NpyArray, type NpzFile } from "../../formats/npy/index.ts";
import { isText } from "../../formats/npy/npy-array.ts";
import { shownValue } from "../../shown-value.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { ClipEntry } from "../audio/collection.ts";
import { noteOfUnused, npzParts } from "./npz-parts.ts";
import type { Packed } from "./packed.ts";
import { unpackOnce } from "./unpack-once.ts";

/** Names of the array with the samples a second; a file that has one holds sounds. */
const RATE_NAMES = ["rate", "sample_rate", "sampling_rate", "samplerate", "sr", "fs"];

/** The name of the array with the rate, where there is one. */
export function rateNameIn({ names }: NpzFile): string | undefined {
  return names.find((name) => RATE_NAMES.includes(name.toLowerCase()));
}

/** Channels of a recording; an axis that is longer is time. */
const MOST_CHANNELS = 8;

/** Full scale is 1; resampled and mixed sounds pass it by a little, those that were never divided by far. */
const LARGEST_SAMPLE = 8;

/**
 * Reads sounds `[N,samples]`, `[N,samples,channels]` or `[N,channels,samples]` of one rate, as 16-bit whole numbers, 32-bit ones or floats, full
 * scale -1 … 1, and a label for each. Each becomes a recording.
 * @param content the file's
 * @throws AuricleError "file" for a file that is damaged or has no arrays of such names, "data" for arrays that are no sounds, rate or labels
 */
export async function waveformExamples(
  file: NpzFile,
  rateName: string,
  path: string,
  content: Uint8Array,
): Promise<Packed> {
  const rate = rateOf(file.read(rateName), `${path}: array "${rateName}"`);
  const { parts, classNames, unused } = npzParts(file, path, "sounds");
  const isSplit = parts.length > 1;
  const recordings = parts.flatMap(({ role, name, examples, what, labels }) => {
    const row = rowsOf(examples, what);
    return labels.map((label, i) => ({
      path: `${name}/${i}.wav`,
      className: classNames[label],
      ...(isSplit && { split: role }),
      content: () => encodeWav({ sampleRate: rate, channels: row.channels(i) }, { bitDepth: row.bitDepth }),
    }));
  });
  const folder = await unpackOnce(path, content, recordings);
  return {
    medium: "sound",
    classNames,
    entries: recordings.map(({ path: place, className, split }): ClipEntry => {
      return { name: place, path: join(folder, place), labels: [className], ...(split && { split }) };
    }),
    problems: [],
    notes: noteOfUnused(unused.filter((name) => name !== rateName)),
  };
}

function rateOf(array: NpyArray, what: string): number {
  const { data, shape } = array;
  const rate = isText(data) || data.length !== 1 ? undefined : Number(data[0]);
  if (rate !== undefined && Number.isInteger(rate) && rate > 0 && rate < 2 ** 20) return rate;
  throw new AuricleError(
    "data",
    `${what}: must be the samples a second of all sounds, one whole number; got ` +
      (rate === undefined ? `${array.dtype} of shape ${formatShape(shape)}` : shownValue(rate)),
  );
}

interface Rows {
  readonly bitDepth: WavBitDepth;
  channels(row: number): Float32Array[];
}

/** The sounds of an array. @throws AuricleError "data" where it is not clear which axis is what, or the samples are none. */
function rowsOf(array: NpyArray, what: string): Rows {
  const { channels, samples, isChannelsFirst } = axesOf(array, what);
  const { numbers, bitDepth, scale } = samplesOf(array, what);
  const [stride, between] = isChannelsFirst ? [1, samples] : [channels, 1];
  return {
    bitDepth,
    channels: (row) =>
      Array.from({ length: channels }, (_, channel) => {
        const start = row * samples * channels + channel * between;
        return Float32Array.from({ length: samples }, (__, i) => numbers[start + i * stride] * scale);
      }),
  };
}

function axesOf({ shape, dtype }: NpyArray, what: string) {
  const [, first, second] = shape;
  const fault = (reason: string) =>
    new AuricleError(
      "data",
      `${what}: sounds must have shape [N,samples], [N,samples,channels] or [N,channels,samples] with at most ` +
        `${MOST_CHANNELS} channels; got ${dtype} of shape ${formatShape(shape)}${reason}`,
    );
  if (shape.includes(0)) throw fault("");
  if (shape.length === 2) return { samples: first, channels: 1, isChannelsFirst: false };
  if (shape.length !== 3) throw fault("");
  const isChannelsFirst = first <= MOST_CHANNELS;
  const isChannelsLast = second <= MOST_CHANNELS;
  if (isChannelsFirst && isChannelsLast) throw fault(", where either axis could be the channels");
  if (!isChannelsFirst && !isChannelsLast) {
    throw fault(
      ": spectrograms are not read, but the sounds that they were made of; files of pictures have no rate",
    );
  }
  return isChannelsFirst
    ? { samples: second, channels: first, isChannelsFirst }
    : { samples: first, channels: second, isChannelsFirst };
}

function samplesOf(array: NpyArray, what: string) {
  const { data, dtype } = array;
  // As recordings have them: full scale is the type's.
  if (data instanceof Int16Array) return { numbers: data, bitDepth: 16, scale: 2 ** -15 } as const;
  if (data instanceof Int32Array) return { numbers: data, bitDepth: "32-float", scale: 2 ** -31 } as const;
  if (!dtype.startsWith("float")) {
    throw new AuricleError(
      "data",
      `${what}: samples must be int16, int32 or floats with full scale -1 … 1; got ${dtype}`,
    );
  }
  const numbers = numbersOf(array, what).data;
  const wrong = numbers.findIndex((value) => !(Math.abs(value) <= LARGEST_SAMPLE));
  if (wrong >= 0) {
    throw new AuricleError(
      "data",
      `${what}: samples of full scale are -1 … 1; got ${numbers[wrong]} at index ${wrong} of ${dtype}: save whole numbers as ` +
        "int16, or divide them by the largest that their type has",
    );
  }
  return { numbers, bitDepth: "32-float", scale: 1 } as const;
}
