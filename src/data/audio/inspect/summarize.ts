/** @file Counts and durations of a collection, and what of them should be known. Browser-safe. */

import type { AudioCollection } from "../collection.ts";
import type { FileToJudge } from "./find-problems.ts";
import { countValues, listCounts, noteImbalance, summarizeNumbers } from "../../collection/summary.ts";
import { tellingProperties } from "../../collection/telling.ts";
import type { ClassSummary, CollectionSummary, DurationSummary } from "./inspection.ts";
import { durationOf } from "./measure/measurement.ts";

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
  const numbers = summarizeNumbers(
    { task, classNames },
    clips.map(({ clip }) => clip),
  );
  return {
    clips: clips.length,
    files: files.length,
    groups: new Set(clips.map(({ clip }) => clip.group)).size,
    seconds: summarizeDurations(clips.map(({ seconds }) => seconds)),
    classes: task === "regression" ? [] : classes,
    numbers,
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
  notes.push(...noteTelling(files));
  const sizes = classes.map(({ name, clips }) => ({ name, count: clips }));
  return [...notes, ...noteImbalance(sizes, "clips")];
}

/** Properties of the files by which classes can be told without listening. */
function noteTelling(files: readonly FileToJudge[]): string[] {
  const clips = files.flatMap(({ measurement, clips: own }) =>
    own.map(({ label }) => ({ label, measurement })),
  );
  const labels = clips.map(({ label }) => label);
  const telling = tellingProperties(labels, {
    "sample rate": (index) => String(clips[index].measurement.sampleRate),
    "number of channels": (index) => String(clips[index].measurement.channels),
    encoding: (index) => formatOf(clips[index].measurement),
  });
  return telling.map(
    ({ name, percent, byChance }) =>
      `The ${name} alone predicts the class of ${percent} % of the clips, against ${byChance} % by guessing: a model may ` +
      "learn how the recordings were made instead of how they sound",
  );
}
