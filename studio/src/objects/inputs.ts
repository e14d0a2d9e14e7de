/** @file The inputs that a window moves over: a small matrix of numbers, a picture, a spectrogram. */
import { media } from "../engine/media.ts";
import type { Picture } from "./objects.svelte.ts";
import type { Sound } from "../sound/player.svelte.ts";

export interface Input {
  /** [rows, columns, channels] */
  readonly values: Float32Array;
  readonly shape: readonly [rows: number, columns: number, channels: number];
  /** The frequencies of the rows in Hz, rising; only of sounds. */
  readonly frequencies?: Float64Array;
  /** Only of sounds. */
  readonly seconds?: number;
}

/** A seven, 7 × 7. */
const SEVEN = ["0000000", "0999990", "0000090", "0000900", "0009000", "0090000", "0000000"];

export function numbersInput(): Input {
  const values = Float32Array.from(SEVEN.join(""), (digit) => (digit === "9" ? 1 : 0));
  return { values, shape: [7, 7, 1] };
}

/** A picture at a size where elements can be touched. @param channels 1 averages the colours, 3 keeps them */
export function pictureInput(picture: Picture, channels: 1 | 3, longest = 48): Input {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const [rows, columns] = [picture.height, picture.width].map((size) =>
    Math.max(1, Math.round(size * scale)),
  );
  const values = new Float32Array(rows * columns * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const area = {
        top: Math.floor((row * picture.height) / rows),
        bottom: Math.max(
          Math.floor((row * picture.height) / rows) + 1,
          Math.floor(((row + 1) * picture.height) / rows),
        ),
        left: Math.floor((column * picture.width) / columns),
        right: Math.max(
          Math.floor((column * picture.width) / columns) + 1,
          Math.floor(((column + 1) * picture.width) / columns),
        ),
      };
      for (let channel = 0; channel < channels; channel++) {
        values[(row * columns + column) * channels + channel] = meanOf(
          picture,
          area,
          channels === 1 ? undefined : channel,
        );
      }
    }
  }
  return { values, shape: [rows, columns, channels] };
}

/** The mean over a rectangle of a picture, of one channel or of all. */
function meanOf(
  { values, width, channels }: Picture,
  area: { top: number; bottom: number; left: number; right: number },
  channel?: number,
): number {
  let [sum, count] = [0, 0];
  for (let row = area.top; row < area.bottom; row++) {
    for (let column = area.left; column < area.right; column++) {
      for (let c = 0; c < channels; c++) {
        if (channel !== undefined && channels === 3 && c !== channel) continue;
        sum += values[(row * width + column) * channels + c];
        count++;
      }
    }
  }
  return sum / count;
}

/** The log-mel spectrogram of a sound's first three seconds, [bands, frames, 1], from 0 (60 dB below the loudest) to 1. */
export async function soundInput({ samples, sampleRate }: Sound): Promise<Input> {
  const part = samples.slice(0, 3 * sampleRate);
  const { values, shape, frequencies } = await media().features(part, sampleRate, {
    kind: "melSpectrogram",
    sampleRate: 16_000,
    fftSize: 1024,
    hopLength: 512,
    melBands: 48,
    scale: { kind: "decibels", reference: "max", topDb: 60 },
  });
  const [frames, bands] = shape;
  const turned = new Float32Array(values.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let band = 0; band < bands; band++)
      turned[band * frames + frame] = values[frame * bands + band] / 60 + 1;
  }
  return { values: turned, shape: [bands, frames, 1], frequencies, seconds: part.length / sampleRate };
}
