/** @file The library's drawn digits as arrays: what the lessons that train networks learn from. */
import { floatArray, intArray, type FloatArray, type IntArray } from "auricle";
import { digitsDataset } from "auricle/data";

/** Pixels of one picture. */
export const PIXELS = 28 * 28;

export interface Digits {
  /** `[N, 28, 28, 1]`, with mean 0 and standard deviation 1 over all pixels of the training digits. */
  readonly pictures: FloatArray;
  /** `[N]` */
  readonly labels: IntArray;
}

/** The mean and the deviation of the pixels of the first thousand training digits of seed 0, which stand for all of them. */
const MEAN = 0.1533;
const DEVIATION = 0.2249;

/** Draws digits. @param role both parts are drawn alike, from different random numbers */
export async function drawDigits(role: "train" | "test", count: number): Promise<Digits> {
  const data = digitsDataset({ role, count });
  const pictures = new Float32Array(count * PIXELS);
  const labels = new Int32Array(count);
  const all = Array.from({ length: count }, (_, i) => i);
  await data.read(all, pictures, labels);
  for (let i = 0; i < pictures.length; i++) pictures[i] = (pictures[i] - MEAN) / DEVIATION;
  return { pictures: floatArray(pictures, [count, 28, 28, 1]), labels: intArray(labels, [count]) };
}

/** The digits with these numbers, in this order. */
export function pickDigits({ pictures, labels }: Digits, numbers: readonly number[]): Digits {
  const picked = new Float32Array(numbers.length * PIXELS);
  numbers.forEach((number, i) =>
    picked.set(pictures.data.subarray(number * PIXELS, (number + 1) * PIXELS), i * PIXELS),
  );
  return {
    pictures: floatArray(picked, [numbers.length, 28, 28, 1]),
    labels: intArray(
      numbers.map((number) => labels.data[number]),
      [numbers.length],
    ),
  };
}
