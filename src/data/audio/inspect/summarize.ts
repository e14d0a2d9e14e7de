/** @file Counts and durations of a collection, and what of them should be known. Browser-safe. */

import type { AudioCollection } from "../collection.ts";
import type { FileToJudge } from "./find-problems.ts";
import type {
  ClassSummary,
  CollectionSummary,
  DurationSummary,
  NumberSummary,
  ValueCount,
} from "./inspection.ts";
import { durationOf } from "./measure/measurement.ts";

/** The largest class has so many times the clips of the smallest: worth a note. */
const IMBALANCE = 3;

/** How much better than chance a property of the files must tell the class to be worth a note; 1 is without fail. */
const TELLING = 0.2;
/** Fewer clips say nothing about that. */
const LEAST_CLIPS = 20;

/** @param files those that could be measured */
export function summarizeCollection(
  { task, classNames }: Pick<AudioCollection, "task" | "classNames">,
  files: readonly FileToJudge[],
): CollectionSummary {
  const clips = files.flatMap(({ measurement, clips: own }) =>
    own.map((clip) => ({
      clip,
      seconds: Math.max(0, lengthOf(clip.start, clip.end, durationOf(measurement))),
    })),
  );
  const classes = classNames.map((name, index): ClassSummary => {
    const members = clips.filter(({ clip }) => clip.target[index] > 0);
    return {
      name,
      clips: members.length,
      seconds: summarizeDurations(members.map(({ seconds }) => seconds)),
    };
  });
  const numbers = classNames.map((name, index): NumberSummary => {
    const values = clips.map(({ clip }) => clip.target[index]);
    const sum = values.reduce((total, value) => total + value, 0);
    return { name, ...extremesOf(values), mean: sum / values.length };
  });
  return {
    clips: clips.length,
    files: files.length,
    groups: new Set(clips.map(({ clip }) => clip.group)).size,
    seconds: summarizeDurations(clips.map(({ seconds }) => seconds)),
    classes: task === "regression" ? [] : classes,
    numbers: task === "regression" ? numbers : [],
    sampleRates: countValues(files.map(({ measurement }) => measurement.sampleRate)),
    channels: countValues(files.map(({ measurement }) => measurement.channels)),
    formats: countValues(files.map(({ measurement }) => formatOf(measurement))),
    bitDepths: countValues(files.map(({ measurement }) => measurement.bitDepth)),
  };
}

function lengthOf(start: number, end: number | undefined, duration: number): number {
  return Math.min(end ?? Infinity, duration) - start;
}

function formatOf({ format, codec }: { readonly format: string; readonly codec: string }): string {
  return `${format}, ${codec}`;
}

function summarizeDurations(seconds: readonly number[]): DurationSummary {
  if (seconds.length === 0) return { total: 0, min: 0, median: 0, max: 0 };
  const sorted = Float64Array.from(seconds).sort();
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  const total = sorted.reduce((sum, one) => sum + one, 0);
  return { total, min: sorted[0], median, max: sorted[sorted.length - 1] };
}

function extremesOf(values: readonly number[]): { readonly min: number; readonly max: number } {
  return values.reduce(({ min, max }, value) => ({ min: Math.min(min, value), max: Math.max(max, value) }), {
    min: Infinity,
    max: -Infinity,
  });
}

function countValues<T extends string | number | null>(values: readonly T[]): ValueCount<T>[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, files]) => ({ value, files }))
    .sort((a, b) => b.files - a.files || (String(a.value) < String(b.value) ? -1 : 1));
}

/** Notes from a summary for those who train on the data, each a sentence. */
export function notesOf(
  collection: AudioCollection,
  summary: CollectionSummary,
  files: readonly FileToJudge[],
): string[] {
  const notes = [...(collection.notes ?? [])];
  const { sampleRates, channels, classes } = summary;
  if (sampleRates.length > 1) {
    const rates = listCounts(sampleRates, (rate) => `${rate.toLocaleString("en-US")} Hz`);
    notes.push(`Sample rates differ (${rates}): all recordings are resampled to the model's rate`);
  }
  if (channels.length > 1) {
    const counts = listCounts(channels, (count) =>
      count === 1 ? "mono" : count === 2 ? "stereo" : `${count} channels`,
    );
    notes.push(`Numbers of channels differ (${counts}): all recordings are mixed to mono`);
  }
  if (collection.task !== "classification") return notes;
  notes.push(...tellingProperties(files));
  const present = classes.filter(({ clips }) => clips > 0).sort((a, b) => a.clips - b.clips);
  const [smallest, largest] = [present[0], present[present.length - 1]];
  if (largest && largest.clips >= IMBALANCE * smallest.clips) {
    notes.push(
      `Classes differ in size: "${largest.name}" has ${largest.clips} clips, "${smallest.name}" ${smallest.clips}; ` +
        `see the option --balance of training`,
    );
  }
  return notes;
}

function listCounts<T>(counts: readonly ValueCount<T>[], name: (value: T) => string): string {
  const shown = counts.slice(0, 4).map(({ value, files }) => `${name(value)}: ${files}`);
  return counts.length > 4 ? [...shown, "…"].join(", ") : shown.join(", ");
}

/** Properties of the files by which classes can be told without listening. */
function tellingProperties(files: readonly FileToJudge[]): string[] {
  const clips = files.flatMap(({ measurement, clips: own }) =>
    own.map(({ label }) => ({ label, measurement })),
  );
  if (clips.length < LEAST_CLIPS) return [];
  const labels = clips.map(({ label }) => label);
  const chance = hitsOf(labels, () => "") / clips.length;
  const properties: Readonly<Record<string, (index: number) => string>> = {
    "sample rate": (index) => String(clips[index].measurement.sampleRate),
    "number of channels": (index) => String(clips[index].measurement.channels),
    encoding: (index) => formatOf(clips[index].measurement),
  };
  return Object.entries(properties).flatMap(([name, valueOf]) => {
    const share = hitsOf(labels, valueOf) / clips.length;
    if (share - chance < TELLING * (1 - chance)) return [];
    return [
      `The ${name} alone predicts the class of ${Math.round(100 * share)} % of the clips, against ` +
        `${Math.round(100 * chance)} % by guessing: a model may learn how the recordings were made instead of how they sound`,
    ];
  });
}

/** For how many clips the class is right that is the most frequent one among those with the same value. */
function hitsOf(labels: readonly number[], valueOf: (index: number) => string): number {
  const counts = new Map<string, Map<number, number>>();
  labels.forEach((label, index) => {
    const value = valueOf(index);
    const ofValue = counts.get(value) ?? new Map<number, number>();
    ofValue.set(label, (ofValue.get(label) ?? 0) + 1);
    counts.set(value, ofValue);
  });
  return [...counts.values()].reduce((sum, ofValue) => sum + Math.max(...ofValue.values()), 0);
}
