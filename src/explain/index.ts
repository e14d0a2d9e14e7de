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
