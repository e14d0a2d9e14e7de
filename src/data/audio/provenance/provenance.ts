/** @file Which recordings the weights of a model come from. Browser-safe. */

import type { Measurement } from "../inspect/measure/measurement.ts";
import { contentKey } from "../../collection/content-hashes.ts";
import type { KnownRole } from "../../collection/split/known-examples.ts";

/** A data set that weights were trained on. */
export interface TrainingSource {
  /** A data set's name, or the absolute path of a folder or a list. */
  readonly data: string;
  /** Whether all recordings of its training and validation parts are listed. */
  readonly isListed: boolean;
}

/** The measurements by which another file with the same sound is recognized. */
export type RememberedSound = Pick<Measurement, "samplesHash" | "sampleRate" | "frames" | "fingerprint">;

export interface KnownRecording {
  /** SHA-256 of the file, hexadecimal, or its first digits where there were many; compared by `contentKey`. */
  readonly content: string;
  readonly role: KnownRole;
  /** The number of its source. */
  readonly source: number;
  /** Where it was, absolute, if that is known. */
  readonly path?: string;
  /** Its group in its data set, where that is more than the recording itself. */
  readonly group?: string;
  /** Absent where it was not measured; without a fingerprint where there is nothing to hear. */
  readonly sound?: RememberedSound;
}

/** The data sets and recordings that weights were trained on, from their first training to their last. */
export interface Provenance {
  /** Those of the first training first. */
  readonly sources: readonly TrainingSource[];
  /** No content twice. */
  readonly recordings: readonly KnownRecording[];
}

export const NO_PROVENANCE: Provenance = { sources: [], recordings: [] };

/** Returns the provenance of weights that started from those of `earlier` and were then trained on one more source. */
export function extendProvenance(
  earlier: Provenance,
  source: TrainingSource,
  recordings: readonly Omit<KnownRecording, "source">[],
): Provenance {
  const byContent = new Map<string, KnownRecording>();
  const number = earlier.sources.length;
  for (const recording of [...earlier.recordings, ...recordings.map((one) => ({ ...one, source: number }))]) {
    const key = contentKey(recording.content);
    const known = byContent.get(key);
    byContent.set(key, known ? joined(known, recording) : recording);
  }
  return { sources: [...earlier.sources, source], recordings: [...byContent.values()] };
}

/** The later one knows best where the file is; trained on once is trained on for good. */
function joined(earlier: KnownRecording, later: KnownRecording): KnownRecording {
  const isTrained = earlier.role === "train" || later.role === "train";
  return { ...earlier, ...later, role: isTrained ? "train" : "validation" };
}
