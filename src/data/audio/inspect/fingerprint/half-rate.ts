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
  /** Begins with the inputs that further outputs need; before the first there is silence. */
  private input = new Float32Array(2 ** 12);
  private held = REACH;
  private output = new Float32Array(2 ** 11);

  /** @returns a view that the next call writes over */
  push(samples: Float32Array): Float32Array {
    const length = this.held + samples.length;
    if (length > this.input.length) {
      const larger = new Float32Array(2 * length);
      larger.set(this.input.subarray(0, this.held));
      this.input = larger;
      this.output = new Float32Array(length);
    }
    const { input, output } = this;
    input.set(samples, this.held);
    const count = Math.max(0, Math.floor((length - 2 * REACH - 1) / 2) + 1);
    for (let i = 0, at = REACH; i < count; i++, at += 2) {
      output[i] =
        CENTER * input[at] +
        NEAR * (input[at - 1] + input[at + 1]) +
        FAR * (input[at - 3] + input[at + 3]) +
        FARTHEST * (input[at - 5] + input[at + 5]);
    }
    input.copyWithin(0, 2 * count, length);
    this.held = length - 2 * count;
    return output.subarray(0, count);
  }
}
