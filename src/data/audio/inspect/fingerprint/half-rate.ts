/**
 * @file Half the sample rate by a filter of few taps, for sound of which only the lowest frequencies matter.
 * Browser-safe.
 */

/**
 * Deslauriers and Dubuc's interpolation filter of 11 taps: 3, 0, -25, 0, 150, 256, 150, 0, -25, 0, 3, over 512. At 22,050
 * Hz it passes up to 2000 Hz with an error of at most 0.5% and attenuates what folds there by 47 dB.
 */
const [CENTER, NEAR, FAR, FARTHEST] = [256 / 512, 150 / 512, -25 / 512, 3 / 512];

/** Taps on either side of the middle. */
const REACH = 5;

/** Output i is the sound at input 2i; how the input is cut into pieces makes no difference. */
export class HalfRate {
  /** Inputs that further outputs need; before the first there is silence. */
  private rest = new Float32Array(REACH);

  push(samples: Float32Array): Float32Array {
    const { rest } = this;
    const input = new Float32Array(rest.length + samples.length);
    input.set(rest);
    input.set(samples, rest.length);
    const count = Math.max(0, Math.floor((input.length - 2 * REACH - 1) / 2) + 1);
    const result = new Float32Array(count);
    for (let i = 0, at = REACH; i < count; i++, at += 2) {
      result[i] =
        CENTER * input[at] +
        NEAR * (input[at - 1] + input[at + 1]) +
        FAR * (input[at - 3] + input[at + 3]) +
        FARTHEST * (input[at - 5] + input[at + 5]);
    }
    this.rest = input.slice(2 * count);
    return result;
  }
}
