/** @file Explanations of a model's predictions. Browser-safe. */
export { activations } from "./activations.ts";
export type { InFormOf } from "./inputs.ts";
export { inputGradient, type Attribution } from "./input-gradient.ts";
export type { BatchOptions, ExplainedModel } from "./programs.ts";
export type { ScoreKind, ScoreOptions } from "./score.ts";
