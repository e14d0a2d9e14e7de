/** @file A run's front end and window as the values of options. Browser-safe. */

import { frontEndConfig, type FrontEndConfig } from "../../audio/front-end/config.ts";
import { frontEnd, FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { samplesForSteps, stepsOf } from "../../data/audio/features/samples-for-steps.ts";
import { AuricleError } from "../../errors.ts";
import type { StoredRun } from "./option.ts";
import type { FrontEndValue } from "./values.ts";
import { shownValue } from "../../shown-value.ts";

/**
 * Returns the name of the preset, or else the options, of a run's front end; undefined where it is that of the run whose
 * weights this one starts from. It is told even if it is the model's own: one that is fitted to the data may be another.
 */
export function frontEndValue({ frontEnd: config, transfer }: StoredRun): FrontEndValue | undefined {
  if (transfer || !config) return undefined;
  const text = JSON.stringify(config);
  const names = Object.keys(FRONT_END_PRESETS) as (keyof typeof FRONT_END_PRESETS)[];
  return names.find((name) => JSON.stringify(frontEndConfig(FRONT_END_PRESETS[name])) === text) ?? config;
}

/** Returns the seconds of a run's window, with no more digits than tell them from other numbers of steps. */
export function windowValue({ frontEnd: config, windowFrames, transfer }: StoredRun): number | undefined {
  if (transfer || !config || windowFrames === undefined) return undefined;
  const front = frontEnd(config);
  const samples = samplesForSteps(front, windowFrames);
  const reached = stepsOf(front, samples);
  for (let digits = 1; ; digits++) {
    const seconds = (Math.ceil((samples / front.sampleRate) * 10 ** digits) / 10 ** digits).toFixed(digits);
    if (stepsOf(front, Math.round(Number(seconds) * front.sampleRate)) === reached) return Number(seconds);
  }
}

/** Steps of the features in a window of so many seconds. @throws AuricleError "argument" where there is not one. */
export function framesOfWindow(config: FrontEndConfig, seconds: number): number {
  const front = frontEnd(config);
  const frames = stepsOf(front, Math.round(seconds * front.sampleRate));
  if (frames > 0) return frames;
  const least = samplesForSteps(front, 1) / front.sampleRate;
  throw new AuricleError(
    "argument",
    `train: a window must be at least ${least.toFixed(4)} s, one step of the front end; got ${shownValue(seconds)} s`,
  );
}
