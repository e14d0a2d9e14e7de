/** @file Which of many recordings hold the same sound. Browser-safe. */

import { ALIKE, bestOverlap, displacedErrorRate, errorRate, type Overlap } from "./overlap.ts";
import { FRAME_RATE, SILENCE } from "./sub-fingerprints.ts";
import { WordIndex, type IndexedRecording } from "./word-index.ts";

/** Two recordings with a stretch in common. */
export interface Match {
  /** Their numbers, a < b. */
  readonly a: number;
  readonly b: number;
  /** Frame i of `a` is frame i - shift of `b`. */
  readonly shift: number;
  readonly overlap: Overlap;
  /** False for two short sounds: their fingerprints say too little, so that their samples have to be compared. */
  readonly isCertain: boolean;
}

/** The shortest shared stretch that is found, in seconds: the length of Haitsma and Kalker's blocks. */
export const LEAST_OVERLAP = 3;

/** Two recordings that both sound for less are compared by their samples, in seconds. */
export const SHORT_SOUND = 4;

/**
 * The largest error rate of an overlap, where it is shorter than 10 s and where it is longer. Different music has more
 * than 0.4. But two hits of one bell, whose partials always beat alike, come down to 0.15 while they ring. Codecs at
 * low rates, noise 20 dB below the sound, equalisation and reverberation stay below 0.13.
 */
const MOST_ERRORS = 0.14;
const MOST_ERRORS_OF_LONG = 0.25;
const LONG_OVERLAP = 10;
/** By how much the error rate must be lower than that of the same recordings displaced. */
const LEAST_CONTRAST = 0.2;
/** The largest error rate at which it is worth to compare the samples of short sounds. */
const MOST_ERRORS_OF_SHORT = 0.2;

const LEAST_FRAMES = Math.round(LEAST_OVERLAP * FRAME_RATE);
const LONG_FRAMES = Math.round(LONG_OVERLAP * FRAME_RATE);
const SHORT_FRAMES = Math.round(SHORT_SOUND * FRAME_RATE);
/** Half of the frames around one that two recordings share, by which most coincidences are told: 3 s together. */
const HALF_BLOCK = 128;
/** The step between indexed words of long recordings: one word in this many is indexed. */
const SAMPLING = 4;
/** Words that two recordings must have in common at one offset before it is looked at. */
const LEAST_VOTES = 2;
/** Offsets at which a pair is compared: repeated music agrees with itself at several. */
const MOST_SHIFTS = 8;
/** Frames that are searched for at once, 13 minutes: their votes must fit in memory. */
const PORTION = 2 ** 16;

/** Votes for one offset between two recordings. */
interface Candidate {
  readonly other: number;
  readonly shift: number;
  /** A frame of the other recording that voted. */
  readonly frame: number;
  votes: number;
}

export class Matcher {
  private readonly recordings: readonly (IndexedRecording & { readonly isShort: boolean })[];
  private readonly index: WordIndex;

  /** @param fingerprints the fingerprints of each recording */
  constructor(fingerprints: readonly Uint32Array[]) {
    this.recordings = fingerprints.map((words) => {
      const isShort = soundingFrames(words) < SHORT_FRAMES;
      return { words, isShort, sampling: isShort ? 1 : SAMPLING };
    });
    this.index = new WordIndex(this.recordings);
  }

  /** The matches of recording `b` with those before it, at most one with each. */
  matchesOf(b: number): Match[] {
    const best = new Map<number, Match>();
    const { length } = this.recordings[b].words;
    for (let begin = 0; begin < length; begin += PORTION) {
      const tried = new Map<number, number>();
      for (const candidate of this.candidates(b, [begin, begin + PORTION])) {
        const { other } = candidate;
        const count = tried.get(other) ?? 0;
        if (count === MOST_SHIFTS) continue;
        tried.set(other, count + 1);
        const match = this.verify(b, candidate);
        const known = best.get(other);
        if (match && (!known || worth(match) > worth(known))) best.set(other, match);
      }
    }
    return [...best.values()].sort((x, y) => x.a - y.a);
  }

  /** Those with most votes first. */
  private candidates(b: number, portion: readonly [number, number]): Candidate[] {
    const found = new Map<number, Candidate>();
    // A number for each recording and offset; no recording has so many frames.
    const range = 2 ** 30;
    const key = (other: number, shift: number) => other * range + shift + range / 2;
    this.index.search(this.recordings[b], portion, b, (other, otherFrame, frame) => {
      const shift = otherFrame - frame;
      const candidate = found.get(key(other, shift));
      if (candidate) candidate.votes++;
      else found.set(key(other, shift), { other, shift, frame: otherFrame, votes: 1 });
    });
    const votesAt = (other: number, shift: number) => found.get(key(other, shift))?.votes ?? 0;
    return [...found.values()]
      .filter(({ other, shift, votes }) => {
        return votes + votesAt(other, shift - 1) + votesAt(other, shift + 1) >= LEAST_VOTES;
      })
      .sort((x, y) => y.votes - x.votes || x.other - y.other || x.shift - y.shift);
  }

  private verify(b: number, { other, shift, frame }: Candidate): Match | undefined {
    const [a, of] = [this.recordings[other], this.recordings[b]];
    if (errorRate(a.words, of.words, shift, frame - HALF_BLOCK, frame + HALF_BLOCK) > ALIKE) {
      if (!a.isShort || !of.isShort) return undefined;
    }
    const overlap = bestOverlap(a.words, of.words, shift);
    if (!overlap) return undefined;
    const match = { a: other, b, shift, overlap };
    if (a.isShort && of.isShort) {
      return overlap.errorRate > MOST_ERRORS_OF_SHORT ? undefined : { ...match, isCertain: false };
    }
    const mostErrors = overlap.frames < LONG_FRAMES ? MOST_ERRORS : MOST_ERRORS_OF_LONG;
    if (overlap.frames < LEAST_FRAMES || overlap.errorRate > mostErrors) return undefined;
    const contrast = displacedErrorRate(a.words, of.words, shift, overlap) - overlap.errorRate;
    return contrast < LEAST_CONTRAST ? undefined : { ...match, isCertain: true };
  }
}

/** The score that Kadane's algorithm maximises. */
function worth({ overlap }: Match): number {
  return overlap.frames * (ALIKE - overlap.errorRate);
}

/** From the first frame in which there is something to hear to the last. */
function soundingFrames(words: Uint32Array): number {
  let [begin, end] = [0, words.length];
  while (begin < end && words[begin] === SILENCE) begin++;
  while (end > begin && words[end - 1] === SILENCE) end--;
  return end - begin;
}
