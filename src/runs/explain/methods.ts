/** @file The methods of explanations in words. Browser-safe. */

import { EXPLANATION_METHODS, type DeletionInsertion, type ExplanationMethod } from "../../explain/index.ts";
import { formatNumber } from "../../report/index.ts";

interface MethodWords {
  /** The name in files. */
  readonly key: string;
  readonly title: string;
  readonly meaning: string;
}

export const METHOD_WORDS: Readonly<Record<ExplanationMethod, MethodWords>> = {
  gradCam: {
    key: "grad-cam",
    title: "Grad-CAM",
    meaning:
      "Where the channels of a layer are active that raise the score: coarse, as the layer is, and without what speaks against.",
  },
  integratedGradients: {
    key: "integrated-gradients",
    title: "Integrated gradients",
    meaning:
      "The share that each element has in the score, counted from an input with nothing in it: fine, and the shares add up to the score.",
  },
  saliency: {
    key: "saliency",
    title: "Saliency",
    meaning:
      "Where the smallest change would move the score most, in either direction: sensitivity, which is not evidence.",
  },
  occlusion: {
    key: "occlusion",
    title: "Occlusion",
    meaning: "By how much the score falls when a window of the input is covered: needs no gradients.",
  },
};

/** The methods by their names in files and for the command. */
export const METHODS_BY_KEY: ReadonlyMap<string, ExplanationMethod> = new Map(
  EXPLANATION_METHODS.map((method) => [METHOD_WORDS[method].key, method]),
);

/** The part of the input that is shown, kept and covered by itself. */
export const SHOWN_PART = 0.2;

/** Measurements of a map as facts. */
export function maskFacts({ parts, own, random, whole, nothing }: DeletionInsertion) {
  const at = parts.indexOf(SHOWN_PART);
  const beside = (values: readonly number[]) => {
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    return `random masks ${formatNumber(least)} … ${formatNumber(greatest)}`;
  };
  const part = `${100 * SHOWN_PART} %`;
  return [
    { name: "score", value: `${formatNumber(whole)}; with everything covered ${formatNumber(nothing)}` },
    {
      name: `most relevant ${part} kept`,
      value: `${formatNumber(own.kept[at])}${shareOf(own.kept[at], whole, nothing)}; ${beside(random.map(({ kept }) => kept[at]))}`,
    },
    {
      name: `most relevant ${part} covered`,
      value: `${formatNumber(own.covered[at])}${shareOf(own.covered[at], whole, nothing)}; ${beside(random.map(({ covered }) => covered[at]))}`,
    },
    {
      name: "insertion, deletion",
      value:
        `${formatNumber(own.insertion)}, ${formatNumber(own.deletion)}; random masks ` +
        `${formatNumber(mean(random.map(({ insertion }) => insertion)))}, ${formatNumber(mean(random.map(({ deletion }) => deletion)))} on average`,
    },
  ];
}

/** How much of the way from nothing to everything, where there is a way. */
function shareOf(score: number, whole: number, nothing: number): string {
  const share = (score - nothing) / (whole - nothing);
  return whole > nothing && Number.isFinite(share) ? ` (${Math.round(100 * share)} % of the way)` : "";
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether a map can be relied on. */
export function maskVerdict({ beaten, random, whole, nothing }: DeletionInsertion) {
  if (whole <= nothing) {
    return {
      isGood: false,
      text:
        "The score is no lower with everything covered: the model says this of an input with nothing in it as well, and a map of " +
        "what speaks for it means little.",
    };
  }
  const count = `${beaten} of ${random.length} masks of the same form at random places`;
  if (beaten === random.length) {
    return { isGood: true, text: `Passes the test: better than ${count}, both kept and covered.` };
  }
  const isDoubtful = beaten > random.length / 2;
  const text = isDoubtful ? "Doubtful" : "Fails the test: do not rely on this map";
  return { isGood: false, text: `${text}; it is better than ${count}, both kept and covered.` };
}
