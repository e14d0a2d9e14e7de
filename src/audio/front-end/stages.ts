/**
 * @file A front end in stages. Stages that are local in time can be computed block by block; those that need the whole example
 * and those that need neighbouring frames are kept apart.
 */
import type { Tensor } from "../../graph/tensor.ts";
import type { DeltaConfig } from "./config.ts";
import type { ExampleLevel } from "./decibels.ts";
import type { Framing } from "./frames.ts";

/** The order is: analyze, level, project, deltas. */
export interface Stages {
  readonly framing: Framing;
  /** Numbers of one frame after `analyze`: F, or F times 2 for complex spectra. */
  readonly analyzed: number;
  /** `[N, T, F]`, or `[N, T, F, 2]` with `channels` 2, of waveforms `[N, S]`; each frame depends on its own samples alone. */
  analyze(waveform: Tensor, padded: boolean): Tensor;
  /** Decibels relative to an example's largest. */
  readonly level?: ExampleLevel;
  /** `[N, T, bins]` of `[N, T, F]`, each frame by itself. */
  project?(features: Tensor): Tensor;
  readonly deltas: DeltaConfig | null;
  /** The number of bins in one frame after all stages. */
  readonly bins: number;
  /** The number of channels of one frame and bin before the deltas: 2 for real and imaginary parts. */
  readonly channels: 1 | 2;
}
