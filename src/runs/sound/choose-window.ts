/** @file How long a model's windows are where nobody says it. Browser-safe. */

import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import { frontEnd } from "../../audio/front-end/index.ts";
import { openAudioFile } from "../../audio/node.ts";
import type { AudioClip } from "../../data/audio/index.ts";
import { AuricleError } from "../../errors.ts";
import { framesOfWindow } from "../options/front-end-value.ts";
import type { SoundDefinition } from "./sound-definition.ts";
import { sampleOf } from "./survey-recordings.ts";

/** Nearly all clips should fit. */
const QUANTILE = 0.9;

/** In shorter windows there is too little to hear. */
const LEAST_SECONDS = 0.5;

/**
 * The model's own window, or a shorter one where nearly all clips are shorter: a drum hit in a window made for music would
 * be trained with several times as much silence. Models that only take their own window keep it.
 */
export async function chooseWindowFrames(
  { windowSeconds, build }: Pick<SoundDefinition, "windowSeconds" | "build">,
  config: FrontEndConfig,
  clips: readonly AudioClip[],
): Promise<number> {
  const own = framesOfWindow(config, windowSeconds);
  const seconds = Math.max(LEAST_SECONDS, quantile(await durations(clips)));
  if (!(seconds < windowSeconds)) return own;
  const frames = framesOfWindow(config, seconds);
  const [, ...stepShape] = frontEnd(config).outputShape(Math.ceil(windowSeconds * config.sampleRate));
  try {
    build({ inputShape: [frames, ...stepShape] });
    return frames;
  } catch (error) {
    if (error instanceof AuricleError && error.code === "shape") return own;
    throw error;
  }
}

/** Reads the durations of a sample of the clips from their headers, in seconds; clips without a known one are left out. */
async function durations(clips: readonly AudioClip[]): Promise<number[]> {
  const found: number[] = [];
  for (const clip of sampleOf(clips)) {
    const end = clip.end ?? (await durationOf(clip.path));
    if (end !== undefined) found.push(end - clip.start);
  }
  return found;
}

async function durationOf(path: string): Promise<number | undefined> {
  try {
    const file = await openAudioFile(path);
    await file.close();
    return file.info.duration;
  } catch (error) {
    if (error instanceof AuricleError) return undefined;
    throw error;
  }
}

function quantile(values: readonly number[]): number {
  if (values.length === 0) return Infinity;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(QUANTILE * sorted.length) - 1];
}
