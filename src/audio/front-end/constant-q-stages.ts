/** @file The stages of the constant-Q transform; constant-q.ts defines it. */
import type { Tensor } from "../../graph/tensor.ts";
import { sqrt } from "../../ops/exponential.ts";
import { filterFrames, FrameFilters } from "../../ops/frame-filters.ts";
import { square } from "../../ops/power.ts";
import { sum } from "../../ops/sum.ts";
import type { ConstantQConfig } from "./config.ts";
import { constantQFilters } from "./constant-q.ts";
import { levelOf, scaleAmplitudes } from "./decibels.ts";
import { centeredFraming } from "./frames.ts";
import type { Stages } from "./stages.ts";

export function constantQStages(config: ConstantQConfig): Stages {
  const { hopLength, padMode, bins, scale, deltas } = config;
  const { frameLength, rows } = constantQFilters(config);
  const filters = new FrameFilters(frameLength, rows);
  return {
    framing: centeredFraming(frameLength, hopLength, padMode),
    analyzed: bins,
    analyze(waveform: Tensor, padded: boolean): Tensor {
      const padding = padded ? 0 : frameLength / 2;
      const parts = filterFrames(waveform, { filters, hopLength, padding, padMode });
      return scaleAmplitudes(sqrt(sum(square(parts), 3)), scale, 1);
    },
    level: levelOf(scale),
    deltas,
    bins,
    channels: 1,
  };
}
