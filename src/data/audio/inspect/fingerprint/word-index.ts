/** @file Where each sub-fingerprint occurs, so that recordings need not be compared pair by pair. Browser-safe. */

import { mix32 } from "../../../../random/generator.ts";
import { SILENCE } from "./sub-fingerprints.ts";

/** The sub-fingerprints of a recording, and how many of them are indexed. */
export interface IndexedRecording {
  readonly words: Uint32Array;
  /** One in so many, always the same ones, so that copies keep them in common. */
  readonly sampling: number;
}

/**
 * The most occurrences of one word that are looked at: a steady tone repeats its own endlessly. Copies of one recording
 * are all linked to the first of them.
 */
const MOST_OCCURRENCES = 200;

const ENTRIES_PER_BUCKET = 2;

/** An index of many recordings. */
export class WordIndex {
  private readonly shift: number;
  /** The entries of bucket b are numbers starts[b] … starts[b + 1] - 1, in the order of the recordings. */
  private readonly starts: Uint32Array;
  private readonly words: Uint32Array;
  private readonly recordings: Uint32Array;
  private readonly frames: Uint32Array;

  constructor(recordings: readonly IndexedRecording[]) {
    let size = 0;
    for (const recording of recordings) forEachKey(recording, () => size++);
    const bits = Math.max(1, Math.ceil(Math.log2(size / ENTRIES_PER_BUCKET + 1)));
    this.shift = 32 - bits;
    const starts = new Uint32Array(2 ** bits + 1);
    for (const recording of recordings) forEachKey(recording, (word) => starts[this.bucket(word) + 1]++);
    for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket] += starts[bucket - 1];
    this.starts = starts;
    this.words = new Uint32Array(size);
    this.recordings = new Uint32Array(size);
    this.frames = new Uint32Array(size);
    const next = starts.slice();
    recordings.forEach((recording, number) =>
      forEachKey(recording, (word, frame) => {
        const entry = next[this.bucket(word)]++;
        this.words[entry] = word;
        this.recordings[entry] = number;
        this.frames[entry] = frame;
      }),
    );
  }

  /**
   * Calls `found` for words of `recording` that occur in a recording before number `limit`.
   * @param begin the first of its frames that are searched for
   * @param end the one after the last
   * @param found frame `frame` of `recording` is as frame `otherFrame` of recording number `other`
   */
  search(
    recording: IndexedRecording,
    [begin, end]: readonly [begin: number, end: number],
    limit: number,
    found: (other: number, otherFrame: number, frame: number) => void,
  ): void {
    const { starts, words, recordings, frames } = this;
    const search = (word: number, frame: number) => {
      const bucket = this.bucket(word);
      let occurrences = 0;
      for (let entry = starts[bucket]; entry < starts[bucket + 1]; entry++) {
        if (recordings[entry] >= limit || occurrences === MOST_OCCURRENCES) return;
        if (words[entry] !== word) continue;
        occurrences++;
        found(recordings[entry], frames[entry], frame);
      }
    };
    forEachKey(recording, search, begin, end);
  }

  private bucket(word: number): number {
    return mix32(word) >>> this.shift;
  }
}

/** Calls `found` with the frames that stand for a recording: of each run of equal ones the first. */
function forEachKey(
  { words, sampling }: IndexedRecording,
  found: (word: number, frame: number) => void,
  begin = 0,
  end = words.length,
): void {
  for (let frame = Math.max(1, begin); frame < Math.min(end, words.length); frame++) {
    const word = words[frame];
    if (word === words[frame - 1] || word === SILENCE) continue;
    if (mix32(~word) % sampling === 0) found(word, frame);
  }
}
