/** @file Which of some measured files hold the same sound. Browser-safe. */

import { readAudioFile } from "../../../audio/decode/audio-file.ts";
import type { MonoAudio } from "../../../audio/audio.ts";
import { resample } from "../../../audio/resample/resample.ts";
import { nextTurn } from "../../../io/next-turn.ts";
import type { DuplicatePair } from "./duplicate-pair.ts";
import { Matcher, type Match } from "./fingerprint/matches.ts";
import { matchSamples } from "./fingerprint/same-samples.ts";
import { FRAME_RATE } from "./fingerprint/sub-fingerprints.ts";
import { hashContent } from "../features/cache/content-index.ts";
import { durationOf, type Measurement } from "./measure/measurement.ts";
import { isSilent } from "./silence.ts";

/** A file to be compared with others, with the measurements that the comparison needs. */
export interface ComparedFile {
  readonly path: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly content: string;
  readonly measurement: Pick<
    Measurement,
    "samplesHash" | "sampleRate" | "frames" | "fingerprint" | "isFinite"
  > & { readonly quiet: Pick<Measurement["quiet"], "loudest"> };
  /**
   * Whether it was measured before, so that it may be another file by now, or gone. Such files are not compared with each
   * other. Default false.
   */
  readonly isRemembered?: boolean;
}

/** As {@link DuplicatePair}, of two files. */
export interface FileDuplicate extends Omit<DuplicatePair, "a" | "b"> {
  readonly a: ComparedFile;
  readonly b: ComparedFile;
  /** Where the overlap begins, in seconds from the beginning of `a`. */
  readonly start: number;
}

/** How far the offset of fingerprints may be from that of the samples: one and a half of their frames, in seconds. */
const OFFSET_TOLERANCE = 1.5 / FRAME_RATE;

/** Decoded short sounds that are kept, in case they are compared with others. */
const MOST_DECODED = 32;

/** How long the event loop may wait, in milliseconds. */
const TURN_MILLISECONDS = 30;

/**
 * Pairs of files. Each of several exact copies is paired with the first, and short sounds are not compared where they
 * belong together already by other pairs: the pairs connect all files of a recording, but not each with each. Files that
 * are silent, or hold samples that are no numbers, are left out.
 * @param files remembered ones last. A short sound whose remembered file is gone counts as the same where the fingerprints
 * allow it
 * @throws the signal's reason.
 */
export async function findFileDuplicates(
  files: readonly ComparedFile[],
  signal?: AbortSignal,
): Promise<FileDuplicate[]> {
  const audible = files.filter(({ measurement }) => measurement.isFinite && !isSilent(measurement));
  const duplicates: FileDuplicate[] = [];
  const byContent = dropCopies(audible, "file", ({ content }) => content, duplicates);
  const distinct = dropCopies(byContent, "samples", ({ measurement }) => measurement.samplesHash, duplicates);
  const matcher = new Matcher(distinct.map(({ measurement }) => measurement.fingerprint));
  const shortSounds = new ShortSounds();
  const sets = distinct.map((_, i) => i);
  let turn = performance.now();
  for (let b = 0; b < distinct.length; b++) {
    for (const match of matcher.matchesOf(b)) {
      if (!match.isCertain && rootOf(sets, match.a) === rootOf(sets, b)) continue;
      const [first, second] = [distinct[match.a], distinct[b]];
      if (first.isRemembered && second.isRemembered) continue;
      const duplicate = match.isCertain
        ? describeMatch(first, second, match)
        : await shortSounds.compare(first, second, match);
      if (!duplicate) continue;
      duplicates.push(duplicate);
      sets[rootOf(sets, b)] = rootOf(sets, match.a);
    }
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await nextTurn();
      signal?.throwIfAborted();
      turn = performance.now();
    }
  }
  return duplicates;
}

/** The files without those whose key another one before had; these are added to `duplicates`. */
function dropCopies(
  files: readonly ComparedFile[],
  kind: FileDuplicate["kind"],
  key: (file: ComparedFile) => string,
  duplicates: FileDuplicate[],
): ComparedFile[] {
  const first = new Map<string, ComparedFile>();
  return files.filter((b) => {
    const a = first.get(key(b));
    if (a?.isRemembered && b.isRemembered) return false;
    if (!a) {
      first.set(key(b), b);
      return true;
    }
    const overlap = durationOf(a.measurement);
    duplicates.push({ a, b, kind, offset: 0, start: 0, overlap, similarity: 1 });
    return false;
  });
}

function rootOf(sets: number[], i: number): number {
  while (sets[i] !== i) i = sets[i] = sets[sets[i]];
  return i;
}

function describeMatch(a: ComparedFile, b: ComparedFile, { shift, overlap }: Match): FileDuplicate {
  return {
    a,
    b,
    kind: "recording",
    offset: shift / FRAME_RATE,
    start: overlap.first / FRAME_RATE,
    overlap: overlap.frames / FRAME_RATE,
    similarity: 1 - 2 * overlap.errorRate,
  };
}

/** Compares sounds of which the fingerprints say too little by their samples. */
class ShortSounds {
  private readonly decoded = new Map<string, MonoAudio>();
  private readonly areAsMeasured = new Map<ComparedFile, boolean>();

  async compare(a: ComparedFile, b: ComparedFile, match: Match): Promise<FileDuplicate | undefined> {
    const { shift } = match;
    const sampleRate = Math.min(a.measurement.sampleRate, b.measurement.sampleRate);
    const sounds: Float32Array[] = [];
    for (const file of [a, b]) {
      const sound = (await this.isAsMeasured(file))
        ? await this.decode(file.path).catch(() => undefined)
        : undefined;
      // What cannot be told apart any more is taken for the same; other files were there when they were measured.
      if (!sound) return file.isRemembered ? describeMatch(a, b, match) : undefined;
      sounds.push((await resample(sound, sampleRate)).samples);
    }
    const lag = Math.round((shift / FRAME_RATE) * sampleRate);
    const same = matchSamples(sounds[0], sounds[1], lag, Math.ceil(OFFSET_TOLERANCE * sampleRate));
    return (
      same && {
        a,
        b,
        kind: "recording",
        offset: same.lag / sampleRate,
        start: Math.max(0, same.lag) / sampleRate,
        overlap: same.samples / sampleRate,
        similarity: same.correlation,
      }
    );
  }

  /** False for a remembered file that is gone, or has another content. */
  private async isAsMeasured(file: ComparedFile): Promise<boolean> {
    const known = file.isRemembered ? this.areAsMeasured.get(file) : true;
    if (known !== undefined) return known;
    const found = await hasContent(file);
    this.areAsMeasured.set(file, found);
    return found;
  }

  private async decode(path: string): Promise<MonoAudio> {
    const sound = this.decoded.get(path) ?? (await readAudioFile(path));
    // The one that was used last comes last.
    this.decoded.delete(path);
    this.decoded.set(path, sound);
    for (const oldest of this.decoded.keys()) {
      if (this.decoded.size <= MOST_DECODED) break;
      this.decoded.delete(oldest);
    }
    return sound;
  }
}

async function hasContent({ path, content }: ComparedFile): Promise<boolean> {
  try {
    return (await hashContent(path)) === content;
  } catch {
    return false;
  }
}
