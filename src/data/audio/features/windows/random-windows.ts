/** @file Windows at random positions, others in each epoch, for training. Browser-safe. */

import { deriveKey, Generator } from "../../../../random/generator.ts";
import type { AudioClip } from "../../collection.ts";
import type { WindowPlan } from "./window-plan.ts";

/** Which clip each example is of, and which of the clip's windows in this epoch, counted from 0. */
export interface ClipSchedule {
  clipOf(example: number): number;
  cropOf(example: number): number;
  beginEpoch?(epoch: number): void;
}

/**
 * `length` windows. Each one's position is uniform over its clip and depends on the seed, the epoch, the
 * clip's id and the number of the window in the clip alone: not on other clips, nor on what was read before.
 */
export function randomWindows(
  clips: readonly AudioClip[],
  clipFrames: readonly number[],
  windowFrames: number,
  schedule: ClipSchedule,
  length: number,
  seed: number,
): WindowPlan {
  let epoch = 0;
  const key = (example: number) =>
    deriveKey(seed, "window", epoch, clips[schedule.clipOf(example)].id, schedule.cropOf(example));
  return {
    length,
    clipOf: (example) => schedule.clipOf(example),
    firstFrame(example) {
      const places = clipFrames[schedule.clipOf(example)] - windowFrames + 1;
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
export function everyClip(windowsPerClip: number): ClipSchedule {
  return {
    clipOf: (example) => Math.floor(example / windowsPerClip),
    cropOf: (example) => example % windowsPerClip,
  };
}

/**
 * Each class that has clips equally often, to within one example: example i is of class i modulo the
 * number of classes. Within a class the clips take turns, in another random order each time round.
 * @param labels the class index of each clip
 */
export function balancedClips(labels: readonly number[], length: number, seed: number): ClipSchedule {
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const members = classes.map((label) => labels.flatMap((other, clip) => (other === label ? [clip] : [])));
  const clips = new Uint32Array(length);
  const crops = new Uint32Array(length);
  const beginEpoch = (epoch: number) => {
    members.forEach((list, position) => {
      let order: number[] = [];
      for (let i = position, turn = 0; i < length; i += classes.length, turn++) {
        const round = Math.floor(turn / list.length);
        const place = turn % list.length;
        if (place === 0) {
          order = new Generator(deriveKey(seed, "balance", epoch, classes[position], round)).shuffle([
            ...list,
          ]);
        }
        clips[i] = order[place];
        crops[i] = round;
      }
    });
  };
  beginEpoch(0);
  return { clipOf: (example) => clips[example], cropOf: (example) => crops[example], beginEpoch };
}
