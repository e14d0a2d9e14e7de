/** @file Which stages a configuration asks for. */
import type { FrontEndConfig, WaveformConfig } from "./config.ts";
import { constantQStages } from "./constant-q-stages.ts";
import {
  complexSpectrogramStages,
  melSpectrogramStages,
  mfccStages,
  spectrogramStages,
} from "./fourier-stages.ts";
import type { Stages } from "./stages.ts";

/** @throws AuricleError "argument" for a constant-Q transform that the sample rate does not allow. */
export function stagesOf(config: Exclude<FrontEndConfig, WaveformConfig>): Stages {
  switch (config.kind) {
    case "complexSpectrogram":
      return complexSpectrogramStages(config);
    case "spectrogram":
      return spectrogramStages(config);
    case "melSpectrogram":
      return melSpectrogramStages(config);
    case "mfcc":
      return mfccStages(config);
    case "constantQ":
      return constantQStages(config);
  }
}
