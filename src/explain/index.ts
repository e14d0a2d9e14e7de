/** @file Explanations of a model's predictions. Browser-safe. */
export { activations } from "./activations.ts";
export { gradCam, type GradCam, type GradCamOptions } from "./grad-cam.ts";
export type { InFormOf } from "./inputs.ts";
export { inputGradient, type Attribution } from "./input-gradient.ts";
export {
  integratedGradients,
  type Completeness,
  type IntegratedGradients,
  type IntegratedGradientsOptions,
} from "./integrated-gradients.ts";
export { occlusion, type Occlusion, type OcclusionOptions } from "./occlusion.ts";
export { overChannels } from "./over-channels.ts";
export type { BatchOptions, ExplainedModel } from "./programs.ts";
export { saliency, type SaliencyMethod, type SaliencyOptions } from "./saliency.ts";
export type { ScoreKind, ScoreOptions } from "./score.ts";
export { embeddings, type EmbeddingsOptions } from "./embeddings.ts";
export {
  maximizeActivation,
  type MaximizeActivationOptions,
  type MaximizedActivation,
} from "./maximize-activation.ts";
export { pca, type Pca, type PcaOptions } from "./pca.ts";
export { receptiveField, type FieldAxis, type ReceptiveFieldOptions } from "./receptive-field.ts";
export { keepSound, type KeepOptions, type KeptSound } from "./sound/keep-sound.ts";
export { soundMap, type SoundMap } from "./sound/sound-map.ts";
