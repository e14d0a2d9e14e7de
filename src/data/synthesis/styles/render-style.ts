/**
 * @file Pieces of music in ten styles, synthesized by code, so that there is something to classify with no download
 * at all. They are honest imitations and no more: no singing, no recording, no composer; a network that knows them
 * apart has not learnt genres of real music. Browser-safe.
 */

import type { MonoAudio } from "../../../audio/audio.ts";
import { AuricleError } from "../../../errors.ts";
import { deriveKey, Generator } from "../../../random/generator.ts";
import { checkOptions, type OptionNames } from "../../../options.ts";
import { COMPOSITIONS } from "./compositions/compositions.ts";
import { record } from "./effects/recording.ts";
import { shownValue } from "../../../shown-value.ts";

export type StyleName = keyof typeof COMPOSITIONS;

/** In alphabetical order, which is the order of the classes. */
export const STYLE_NAMES = Object.keys(COMPOSITIONS).sort() as StyleName[];

/** In Hz, where none is asked for. */
export const STYLE_SAMPLE_RATE = 22_050;

/** In seconds, where nothing else is asked for. */
export const STYLE_SECONDS = 10;

export interface StyleOptions {
  /** Another seed is another piece; the same seed gives the same bits in every JavaScript engine. */
  readonly seed: number;
  /** Above 0, up to 600. Default 10. */
  readonly seconds?: number;
  /** In Hz, a whole number from 8000 to 96,000. Default 22,050. Pieces at two rates are the same but for noises. */
  readonly sampleRate?: number;
}

const OPTIONS: OptionNames<StyleOptions> = { seed: true, seconds: true, sampleRate: true };

/** A planned track is taken as it is. */
const TRACK_OPTIONS = { ...OPTIONS, style: true, label: true, path: true } as const;

/**
 * Composes, plays and records one piece and gives a stretch from the midst of it. Tempo, key, progression,
 * instruments, their timbres, who pauses, the mix, the room, equalisation, noise and level are drawn from the seed;
 * the last five alike for all styles, and the others from ranges that overlap. The root mean square is about -26 …
 * -15 dB below full scale, and no sample's magnitude reaches 1.
 * @throws AuricleError "argument" for an unknown style, or a duration or rate out of range.
 */
export function renderStyle(style: StyleName, options: StyleOptions): MonoAudio {
  checkOptions("renderStyle", options, TRACK_OPTIONS, "style, ");
  const { seed, seconds = STYLE_SECONDS, sampleRate = STYLE_SAMPLE_RATE } = options;
  if (!Object.hasOwn(COMPOSITIONS, style)) {
    throw new AuricleError(
      "argument",
      `renderStyle: no style "${style}"; there are ${STYLE_NAMES.join(", ")}`,
    );
  }
  checkSound("renderStyle", seconds, sampleRate);
  const key = deriveKey(seed, "style", style);
  const session = COMPOSITIONS[style](
    { seed: key, seconds, sampleRate },
    new Generator(deriveKey(key, "composition")),
  );
  const samples = session.mix();
  record(samples, sampleRate, new Generator(deriveKey(key, "recording")));
  return { sampleRate, samples };
}

/** @throws AuricleError "argument" where duration or rate is out of the range that `StyleOptions` states. */
export function checkSound(caller: string, seconds: number, sampleRate: number): void {
  if (!(seconds > 0 && seconds <= 600)) {
    throw new AuricleError(
      "argument",
      `${caller}: seconds must be above 0 and at most 600; got ${shownValue(seconds)}`,
    );
  }
  if (!Number.isInteger(sampleRate) || sampleRate < 8000 || sampleRate > 96_000) {
    throw new AuricleError(
      "argument",
      `${caller}: sampleRate must be a whole number of hertz from 8000 to 96,000; got ${shownValue(sampleRate)}`,
    );
  }
}
