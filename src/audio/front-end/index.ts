/** @file Front ends: from waveforms to spectrograms and other features, as part of a model. Browser-safe. */
export { axisStepsOf, firstStepMiddle, frequenciesOf, windowSamples, type AxisStep } from "./axes.ts";
export {
  frontEndConfig,
  type AmplitudeScale,
  type ComplexSpectrogramConfig,
  type ConstantQConfig,
  type DeltaConfig,
  type FrontEndConfig,
  type MelSpectrogramConfig,
  type MfccConfig,
  type SpectrogramConfig,
  type WaveformConfig,
} from "./config.ts";
export { constantQFilters, constantQFrequencies, constantQLengths } from "./constant-q.ts";
export type { ComplexRow, ConstantQFilters } from "./constant-q.ts";
export { cosineTransform, type CosineTransformOptions } from "./cosine-transform.ts";
export { savitzkyGolay } from "./deltas.ts";
export { FeatureExtractor, type FeatureExtractorOptions } from "./feature-extractor.ts";
export { frontEnd, type FrontEnd } from "./front-end.ts";
export {
  hertzToMel,
  melFilterBank,
  melFrequencies,
  melToHertz,
  type MelBands,
  type MelFilterBankOptions,
  type MelScale,
} from "./mel.ts";
export { FRONT_END_PRESETS, type FrontEndPreset } from "./presets.ts";
export type * from "./options.ts";
export { centerWindow, hannWindow, windowOf, WINDOW_NAMES, type WindowName } from "./window.ts";
