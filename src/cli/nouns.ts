/** @file The words for what a run's model answers for. */

import { PICTURE_WORDS, SOUND_WORDS, type MediumWords } from "../data/collection/words.ts";
import type { KindName } from "../runs/index.ts";
import { formatCount } from "./text.ts";

const WORDS: Readonly<Record<KindName, MediumWords>> = { sound: SOUND_WORDS, images: PICTURE_WORDS };

/** The words for data of a kind. */
export function nounsOf(kind: KindName): MediumWords {
  return WORDS[kind];
}

/** "1 clip", "1,000 images". */
export function countExamples(count: number, kind: KindName): string {
  return `${formatCount(count)} ${count === 1 ? oneOf(kind) : examplesOf(kind)}`;
}

/** "clip", "image". */
export function oneOf(kind: KindName): string {
  return WORDS[kind].example;
}

/** "clips", "images". */
export function examplesOf(kind: KindName): string {
  return WORDS[kind].examples;
}
