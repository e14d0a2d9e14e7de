/** @file The results of inspecting a collection: plain data, to be written as JSON. Browser-safe. */

import type { FileProblem } from "../../collection/collection.ts";
import type { Findings } from "../../collection/findings.ts";
import type { NumberSummary, ValueCount } from "../../collection/summary.ts";
import type { DuplicatePair } from "./duplicate-pair.ts";

export const PROBLEM_KINDS = [
  /** It cannot be read, decoded or assigned to a class. */
  "unusable",
  "empty",
  /** It holds samples that are no numbers. */
  "notNumbers",
  /** Shorter than its header, or the list of clips, says. */
  "truncated",
  /** Decoders warn of anything else. */
  "damaged",
  "silent",
  /** A large part of it is silent or nearly so. */
  "partlySilent",
  "clipped",
  "dcOffset",
  "veryShort",
  /** A length other than that of nearly all others. */
  "unusualLength",
] as const;

export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** A problem with one file. */
export interface InspectionProblem extends FileProblem {
  readonly kind: ProblemKind;
}

/** Durations in seconds; all 0 where there are none. */
export interface DurationSummary {
  readonly total: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface ClassSummary {
  readonly name: string;
  readonly clips: number;
  readonly seconds: DurationSummary;
}

/** A summary of the files and clips that can be used. */
export interface CollectionSummary {
  readonly clips: number;
  readonly files: number;
  readonly groups: number;
  readonly seconds: DurationSummary;
  /** One for each class or tag; empty in a regression. */
  readonly classes: readonly ClassSummary[];
  /** Empty but in a regression. */
  readonly numbers: readonly NumberSummary[];
  /** In Hz. */
  readonly sampleRates: readonly ValueCount<number>[];
  readonly channels: readonly ValueCount<number>[];
  /** "wav, 16-bit PCM", … */
  readonly formats: readonly ValueCount<string>[];
  /** Bits a sample; null: the encoding has no such number. */
  readonly bitDepths: readonly ValueCount<number | null>[];
}

export interface Inspection extends Findings<InspectionProblem, DuplicatePair> {
  readonly summary: CollectionSummary;
}
