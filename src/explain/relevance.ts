/** @file One number of relevance for each position of an input, by whichever method. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions, didYouMean, type OptionNames } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import { gradCam } from "./grad-cam.ts";
import { integratedGradients, type Completeness } from "./integrated-gradients.ts";
import { occlusion } from "./occlusion.ts";
import { overChannels } from "./over-channels.ts";
import type { ExplainedModel } from "./programs.ts";
import { saliency } from "./saliency.ts";
import { SCORE_OPTIONS, type ScoreOptions } from "./score.ts";
import { shownValue } from "../shown-value.ts";

/** The methods of {@link relevance}. */
export const EXPLANATION_METHODS = ["gradCam", "integratedGradients", "saliency", "occlusion"] as const;

export type ExplanationMethod = (typeof EXPLANATION_METHODS)[number];

export interface RelevanceOptions extends ScoreOptions {
  /** Default "gradCam". */
  readonly method?: ExplanationMethod;
  /** For "gradCam": the layer, as `gradCam` takes it. */
  readonly layer?: string;
  /** For "integratedGradients": the input that stands for "nothing there". Default 0. */
  readonly baseline?: number | ModelInputs;
}

const OPTIONS: OptionNames<RelevanceOptions> = {
  method: true,
  layer: true,
  baseline: true,
  ...SCORE_OPTIONS,
};

export interface Relevance {
  readonly method: ExplanationMethod;
  /** `[N, …]`: the input's positions; of "gradCam" those of the value that its map lies over, which a front end may be. */
  readonly map: FloatArray;
  readonly classes: readonly number[];
  /** The score of each example's class. */
  readonly scores: readonly number[];
  /** The layer that a map of "gradCam" is of. */
  readonly layer?: string;
  /** The completeness of each example; of "integratedGradients" alone. */
  readonly completeness?: readonly Completeness[];
}

/**
 * Computes the relevance of each position of a model's only input: Grad-CAM, integrated gradients added up over channels, the greatest
 * magnitude of gradients over channels, or the fall of the score where it is covered.
 *
 * @param x `[N, …, C]`
 * @throws AuricleError "argument" for a method that there is not, or options of another; else as the methods' own functions
 */
export async function relevance(
  model: ExplainedModel,
  x: ModelInputs,
  options: RelevanceOptions = {},
): Promise<Relevance> {
  checkOptions("relevance", options, OPTIONS, "model, x, ");
  const { method = "gradCam", layer, baseline, ...score } = options;
  checkMethod(method, options);
  switch (method) {
    case "gradCam": {
      const found = await gradCam(model, x, { ...score, ...(layer !== undefined && { layer }) });
      return { ...found, method };
    }
    case "integratedGradients": {
      const found = await integratedGradients(model, x, {
        ...score,
        ...(baseline !== undefined && { baseline }),
      });
      return { ...found, method, map: overChannels(found.values as FloatArray, "sum") };
    }
    case "saliency": {
      const found = await saliency(model, x, score);
      return { ...found, method, map: overChannels(found.values as FloatArray, "maximum") };
    }
    case "occlusion":
      return { ...(await occlusion(model, x, score)), method };
  }
}

function checkMethod(method: ExplanationMethod, { layer, baseline }: RelevanceOptions): void {
  if (!EXPLANATION_METHODS.includes(method)) {
    throw new AuricleError(
      "argument",
      `method must be one of ${EXPLANATION_METHODS.join(", ")}; got ${shownValue(method)}${didYouMean(String(method), EXPLANATION_METHODS)}`,
    );
  }
  const others = [
    ["layer", layer, "gradCam"],
    ["baseline", baseline, "integratedGradients"],
  ] as const;
  const wrong = others.find(([, value, own]) => value !== undefined && method !== own);
  if (!wrong) return;
  throw new AuricleError("argument", `${wrong[0]} is an option of "${wrong[2]}"; the method is "${method}"`);
}
