/** @file Where a recording is silent or nearly so. Browser-safe. */

/** In seconds: sound is judged in frames of this length. */
const FRAME_SECONDS = 0.1;

/** Frames below this level are quiet, in dB relative to full scale: the root mean square about the frame's mean. */
export const QUIET_DECIBELS = -60;

const QUIET_SQUARE = 10 ** (QUIET_DECIBELS / 10);

export interface QuietStretches {
  /** Root mean square of the loudest frame; full scale is 1. */
  readonly loudest: number;
  /** The length of all quiet frames together. */
  readonly seconds: number;
  /** The longest stretch without any other frame, in seconds; of length 0 where there is no quiet frame. */
  readonly longest: { readonly start: number; readonly seconds: number };
}

export class QuietMeter {
  private readonly sampleRate: number;
  private readonly frameLength: number;
  private samples = 0;
  private loudest = 0;
  private quietSamples = 0;
  private longest = { start: 0, samples: 0 };
  /** Number of the sample with which the present quiet stretch begins. */
  private quietSince = 0;
  private inFrame = 0;
  private sum = 0;
  private squares = 0;

  /** @param sampleRate in Hz */
  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
    this.frameLength = Math.max(1, Math.round(FRAME_SECONDS * sampleRate));
  }

  push(samples: Float32Array): void {
    for (let at = 0; at < samples.length;) {
      const end = Math.min(samples.length, at + this.frameLength - this.inFrame);
      let [sum, squares] = [0, 0];
      for (let i = at; i < end; i++) {
        sum += samples[i];
        squares += samples[i] * samples[i];
      }
      this.sum += sum;
      this.squares += squares;
      this.inFrame += end - at;
      at = end;
      if (this.inFrame === this.frameLength) this.endFrame();
    }
  }

  finish(): QuietStretches {
    // A last frame of a few samples says nothing, unless there is no other.
    if (this.inFrame > 0 && (this.samples === 0 || this.inFrame >= this.frameLength / 2)) this.endFrame();
    const { sampleRate, longest } = this;
    return {
      loudest: Math.sqrt(this.loudest),
      seconds: this.quietSamples / sampleRate,
      longest: { start: longest.start / sampleRate, seconds: longest.samples / sampleRate },
    };
  }

  private endFrame(): void {
    const mean = this.sum / this.inFrame;
    const square = Math.max(0, this.squares / this.inFrame - mean * mean);
    this.samples += this.inFrame;
    if (square > this.loudest) this.loudest = square;
    if (square >= QUIET_SQUARE) this.quietSince = this.samples;
    else {
      this.quietSamples += this.inFrame;
      const stretch = this.samples - this.quietSince;
      if (stretch > this.longest.samples) this.longest = { start: this.quietSince, samples: stretch };
    }
    this.inFrame = 0;
    this.sum = 0;
    this.squares = 0;
  }
}
