/** @file Which tracks a set of styles has. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { deriveKey } from "../../../random/generator.ts";
import { checkSound, STYLE_NAMES, STYLE_SAMPLE_RATE, STYLE_SECONDS, type StyleName } from "./render-style.ts";
import { shownValue } from "../../../shown-value.ts";

/** One track: `renderStyle(track.style, track)` makes it, in any thread and in any order. */
export interface StyleTrack {
  readonly style: StyleName;
  /** Index in `STYLE_NAMES`. */
  readonly label: number;
  readonly seed: number;
  readonly seconds: number;
  readonly sampleRate: number;
  /** The path of its file, below the set's folder: `blues/blues.00007.wav`. */
  readonly path: string;
}

export interface StylesOptions {
  /** From 1 to 100,000. Default 40. */
  readonly tracksPerStyle?: number;
  /** The length of a track, see `StyleOptions`. Default 10. */
  readonly seconds?: number;
  /** In Hz. Default 22,050. */
  readonly sampleRate?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** The names of {@link StylesOptions}. */
export const STYLES_OPTIONS: OptionNames<StylesOptions> = {
  tracksPerStyle: true,
  seconds: true,
  sampleRate: true,
  seed: true,
};

/** `options` with its defaults. */
export function completeStylesOptions(options: StylesOptions): Required<StylesOptions> {
  checkOptions("styles", options, STYLES_OPTIONS);
  const { tracksPerStyle = 40, seconds = STYLE_SECONDS, sampleRate = STYLE_SAMPLE_RATE, seed = 0 } = options;
  return { tracksPerStyle, seconds, sampleRate, seed };
}

/**
 * All tracks of a set, style after style. Track i of a style depends on the seed, the style and i alone, so a smaller
 * set is part of a larger one. Each track is a recording of its own: there is nothing in which any two could leak.
 * @throws AuricleError "argument" for a number out of range.
 */
export function stylesCollectionPlan(options: StylesOptions = {}): StyleTrack[] {
  const { tracksPerStyle, seconds, sampleRate, seed } = completeStylesOptions(options);
  if (!Number.isInteger(tracksPerStyle) || tracksPerStyle < 1 || tracksPerStyle > 100_000) {
    throw new AuricleError(
      "argument",
      `styles: tracksPerStyle must be a whole number from 1 to 100,000; got ${shownValue(tracksPerStyle)}`,
    );
  }
  checkSound("styles", seconds, sampleRate);
  return STYLE_NAMES.flatMap((style, label) =>
    Array.from({ length: tracksPerStyle }, (_, index) => ({
      style,
      label,
      seed: deriveKey(seed, "track", style, index),
      seconds,
      sampleRate,
      path: `${style}/${style}.${String(index).padStart(5, "0")}.wav`,
    })),
  );
}
