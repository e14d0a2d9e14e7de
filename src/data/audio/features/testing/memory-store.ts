/** @file Features without files: step t of clip number i holds 1000 i + t everywhere. */

import { frontEndConfig, type FrontEndOptions } from "../../../../audio/front-end/config.ts";
import type { FrontEnd } from "../../../../audio/front-end/front-end.ts";
import type { AudioClip } from "../../collection.ts";
import type { FeatureStore } from "../feature-store.ts";

/** A clip of a classification with `classes` classes. */
export function clipOf(id: string, label: number, classes: number): AudioClip {
  const target = new Float32Array(classes);
  target[label] = 1;
  return { id, path: `/${id}`, start: 0, end: undefined, target, label, group: id, split: undefined };
}

/** @param frames the number of frames of each clip; 0: the clip is among the problems */
export function memoryStore(
  clips: readonly AudioClip[],
  frames: readonly number[],
  stepShape: readonly number[],
  options: FrontEndOptions = { kind: "melSpectrogram", scale: { kind: "decibels" } },
): FeatureStore {
  const config = frontEndConfig(options);
  const unused = () => {
    throw new Error("not part of this test");
  };
  const frontEnd: FrontEnd = {
    config,
    sampleRate: config.sampleRate,
    hopLength: 512,
    axisNames: stepShape.length === 2 ? ["time", "frequency", "channel"] : ["time", "channel"],
    outputShape: unused,
    apply: unused,
  };
  const stepSize = stepShape.reduce((product, length) => product * length, 1);
  const indexOf = (clip: AudioClip) => {
    const index = clips.findIndex(({ id }) => id === clip.id);
    if (index < 0) throw new Error(`${clip.id} is unknown`);
    return index;
  };
  const store: FeatureStore = {
    frontEnd,
    stepShape,
    clips: clips.filter((_, i) => frames[i] > 0),
    problems: clips
      .filter((_, i) => frames[i] === 0)
      .map(({ path }) => ({ path, problem: "no samples could be decoded" })),
    warnings: [],
    cacheProblem: undefined,
    timings: { hash: 0, decode: 0, features: 0, cache: 0, total: 0 },
    has: (clip) => frames[indexOf(clip)] > 0,
    frames: (clip) => frames[indexOf(clip)],
    duration: (clip) => (frames[indexOf(clip)] * 512) / config.sampleRate,
    isSilent: () => false,
    content: (clip) => `content of ${clip.id}`,
    read(clip, firstFrame, count) {
      const into = new Float32Array(count * stepSize);
      store.readNow(clip, firstFrame, into);
      return Promise.resolve(into);
    },
    readNow(clip, firstFrame, into) {
      const index = indexOf(clip);
      if (firstFrame < 0 || firstFrame + into.length / stepSize > frames[index]) throw new Error("outside");
      into.forEach((_, i) => {
        into[i] = 1000 * index + firstFrame + Math.floor(i / stepSize);
      });
      return true;
    },
  };
  return store;
}
