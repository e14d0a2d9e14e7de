/** @file All drums by name, and a kit of them. Browser-safe. */

import { deriveKey, Generator } from "../../../../random/generator.ts";
import type { DrumMaker } from "./drum.ts";
import { brushSweep, brushTap, clap, rim, shaker } from "./hands.ts";
import { closedHat, crash, openHat, ride } from "./metals.ts";
import { conga, highTom, kick, lowTom, snare } from "./skins.ts";

const DRUMS = {
  brushSweep,
  brushTap,
  clap,
  closedHat,
  conga,
  crash,
  highTom,
  kick,
  lowTom,
  openHat,
  ride,
  rim,
  shaker,
  snare,
} satisfies Record<string, DrumMaker>;

export type DrumName = keyof typeof DRUMS;

export const DRUM_NAMES = Object.keys(DRUMS) as DrumName[];

/** The sound of a hit on one drum. Each is built when it is first needed, and depends on `key` and its name alone. */
export type DrumKit = (name: DrumName) => Float32Array;

export function drumKit(key: number, sampleRate: number): DrumKit {
  const built = new Map<DrumName, Float32Array>();
  return (name) => {
    let sound = built.get(name);
    if (sound === undefined) {
      sound = DRUMS[name](new Generator(deriveKey(key, name)), sampleRate);
      built.set(name, sound);
    }
    return sound;
  };
}
