/** @file Which examples come first: on the page, and where there is not room for all their sounds and pictures. Browser-safe. */

import { exampleViews, type ExampleView } from "./example-views.ts";
import type { Evaluation } from "./report-data.ts";
import { LARGEST_PICTURE } from "./spectrogram-image.ts";

/** How many of the worst mistakes, and of the right answers that were least sure, are shown by themselves. */
const WORST_SHOWN = 12;
const LEAST_SURE_SHOWN = 6;

/** Right answers of each class that come before other right ones. */
const RIGHT_OF_EACH_CLASS = 3;

/** Bytes a report may have where nothing else is asked for: a browser opens it at once, a mail still takes it. */
export const DEFAULT_MAX_BYTES = 25_000_000;

/** The part of a report's size that examples with sound may take, so that something is left for pictures of the others. */
export const SHARE_OF_SOUND = 0.7;

/** The length and sample rate of an excerpt, small enough that many fit in. */
export const EXCERPT = { seconds: 6, sampleRate: 22_050 } as const;

/** The wrong ones, the most confident first. */
export function worstMistakes(views: readonly ExampleView[]): ExampleView[] {
  return mistakes(views).slice(0, WORST_SHOWN);
}

/** The right ones that were nearest to being wrong, the least sure first. */
export function leastSure(views: readonly ExampleView[]): ExampleView[] {
  return views
    .filter(({ isWrong }) => !isWrong)
    .sort((a, b) => a.weight - b.weight)
    .slice(0, LEAST_SURE_SHOWN);
}

/**
 * All examples, the most instructive first: those shown by themselves, then other mistakes, then some right ones of each
 * class; of each kind, those of the first evaluation come first. The rest follows, to be seen but not heard.
 */
export function orderExamples(evaluations: readonly (readonly ExampleView[])[]): {
  readonly telling: ExampleView[];
  readonly rest: ExampleView[];
} {
  const telling = new Set<ExampleView>([
    ...evaluations.flatMap(worstMistakes),
    ...evaluations.flatMap(leastSure),
    ...evaluations.flatMap(mistakes),
    ...evaluations.flatMap(surestOfEachClass),
  ]);
  const rest = evaluations.flatMap((views) => views.filter((view) => !telling.has(view)));
  return { telling: [...telling], rest };
}

function mistakes(views: readonly ExampleView[]): ExampleView[] {
  return views.filter(({ isWrong }) => isWrong).sort((a, b) => b.weight - a.weight);
}

function surestOfEachClass(views: readonly ExampleView[]): ExampleView[] {
  const taken = new Map<number, number>();
  return views
    .filter(({ isWrong }) => !isWrong)
    .sort((a, b) => b.weight - a.weight)
    .filter(({ label }) => {
      const count = (taken.get(label) ?? 0) + 1;
      taken.set(label, count);
      return count <= RIGHT_OF_EACH_CLASS;
    });
}

/** An example that should get a preview. */
export interface PreviewRequest {
  /** Where the example is: {@link Evaluation.name} and its place in {@link Evaluation.results}. */
  readonly evaluation: string;
  readonly index: number;
  readonly id: string;
  /** The seconds to hear: where the model was most sure of what it said; absent: a spectrogram is enough. */
  readonly excerpt?: { readonly start: number; readonly end: number };
}

/** Bytes of one preview in the page, about: base64 takes four characters for three bytes. */
const PICTURE_BYTES = ((LARGEST_PICTURE.width * LARGEST_PICTURE.height) / 2) * (4 / 3);
const AUDIO_BYTES_PER_SECOND = 2 * EXCERPT.sampleRate * (4 / 3);

/**
 * Returns roughly the examples whose sounds and pictures fit into a report, so that no others need be read.
 * @param maxBytes the size limit of the report; default {@link DEFAULT_MAX_BYTES}
 */
export function examplesToPreview(
  evaluations: readonly Evaluation[],
  { maxBytes = DEFAULT_MAX_BYTES }: { readonly maxBytes?: number } = {},
): PreviewRequest[] {
  const places = new Map<ExampleView, { evaluation: string; index: number }>();
  const views = evaluations.map((evaluation) => {
    const ofOne = exampleViews(evaluation);
    ofOne.forEach((view, index) => places.set(view, { evaluation: evaluation.name, index }));
    return ofOne;
  });
  const { telling, rest } = orderExamples(views);
  const requests: PreviewRequest[] = [];
  let bytes = 0;
  const add = (view: ExampleView, excerpt: PreviewRequest["excerpt"]) => {
    const place = places.get(view);
    if (!place) return;
    bytes += PICTURE_BYTES + (excerpt ? (excerpt.end - excerpt.start) * AUDIO_BYTES_PER_SECOND : 0);
    requests.push({ ...place, id: view.result.id, excerpt });
  };
  for (const view of [...telling, ...rest]) {
    const withSound = bytes < SHARE_OF_SOUND * maxBytes && requests.length < telling.length;
    if (bytes < maxBytes) add(view, withSound ? excerptOf(view) : undefined);
  }
  return requests;
}

/** Around the window in which the first of the shown outputs was greatest. */
function excerptOf({ result, outputs }: ExampleView): { start: number; end: number } {
  const length = Math.min(EXCERPT.seconds, result.seconds);
  const index = outputs[0]?.index ?? 0;
  const surest = result.windows.reduce<(typeof result.windows)[number] | undefined>(
    (best, window) => (best && best.outputs[index] >= window.outputs[index] ? best : window),
    undefined,
  );
  const middle = surest ? (surest.start + surest.end) / 2 : length / 2;
  const start = Math.max(0, Math.min(result.seconds - length, middle - length / 2));
  return { start, end: start + length };
}
