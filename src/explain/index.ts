/** @file Explanations of a model's predictions. Browser-safe. */
export { activations } from "./activations.ts";
export {
  deletionInsertion,
  type DeletionInsertion,
  type DeletionInsertionOptions,
  type MaskCurve,
} from "./deletion-insertion.ts";
export { firstFilters, type FirstFilters } from "./first-filters.ts";
export { gradCam, type GradCam, type GradCamOptions } from "./grad-cam.ts";
export {
  layerFeatures,
  type FieldSpan,
  type LayerFeatures,
  type LayerFeaturesOptions,
} from "./layer-features.ts";
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
export {
  EXPLANATION_METHODS,
  relevance,
  type ExplanationMethod,
  type Relevance,
  type RelevanceOptions,
} from "./relevance.ts";
export { saliency, type SaliencyMethod, type SaliencyOptions } from "./saliency.ts";
export type { ScoreKind, ScoreOptions } from "./score.ts";
export { embeddings, type EmbeddingsOptions } from "./embeddings.ts";
export type { CoordinateOptions, PerElement } from "./coordinates.ts";
export {
  maximizeActivation,
  type AscentStep,
  type MaximizeActivationOptions,
  type MaximizedActivation,
} from "./maximize-activation.ts";
export { pca, type Pca, type PcaOptions } from "./pca.ts";
export { receptiveField, type FieldAxis, type ReceptiveFieldOptions } from "./receptive-field.ts";
export { featureSound } from "./sound/feature-sound.ts";
export { filterSound, type FilterSoundOptions } from "./sound/filter-sound.ts";
export { magnitudeResponse, relativeDecibels, RESPONSE_POINTS } from "./sound/frequency-response.ts";
export { keepSound, type KeepOptions, type KeptSound } from "./sound/keep-sound.ts";
export { readMap, soundMap, type SoundMap } from "./sound/sound-map.ts";
export { umap, type UmapOptions } from "./umap.ts";
