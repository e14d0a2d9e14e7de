/** @file Windows at random positions, others in each epoch, for training. Browser-safe. */

import { deriveKey, Generator } from "../../../../random/generator.ts";
import type { Schedule } from "../../../balanced-schedule.ts";
import type { AudioClip } from "../../collection.ts";
import type { WindowPlan } from "./window-plan.ts";

/**
 * `length` windows. Each one's position is uniform over its clip and depends on the seed, the epoch, the
 * clip's id and the number of the window in the clip alone: not on other clips, nor on what was read before.
 */
export function randomWindows(
  clips: readonly AudioClip[],
  clipFrames: readonly number[],
  windowFrames: number,
  schedule: Schedule,
  length: number,
  seed: number,
): WindowPlan {
  let epoch = 0;
  const key = (example: number) =>
    deriveKey(seed, "window", epoch, clips[schedule.exampleOf(example)].id, schedule.turnOf(example));
  return {
    length,
    clipOf: (example) => schedule.exampleOf(example),
    firstFrame(example) {
      const places = clipFrames[schedule.exampleOf(example)] - windowFrames + 1;
      return new Generator(deriveKey(key(example), "start")).integer(places);
    },
    key,
    beginEpoch(number) {
      epoch = number;
      schedule.beginEpoch?.(number);
    },
  };
}

/** Each clip `windowsPerClip` times, one clip after the other. */
export function everyClip(windowsPerClip: number): Schedule {
  return {
    exampleOf: (place) => Math.floor(place / windowsPerClip),
    turnOf: (place) => place % windowsPerClip,
  };
}
