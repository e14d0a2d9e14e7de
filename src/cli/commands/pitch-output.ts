/** @file The output of `auricle pitch`. */

import { pitchFrequencies, pitchOf, type Pitch } from "../../audio-model/index.ts";
import { AuricleError } from "../../errors.ts";
import type { ModelFacts, RecordingPrediction } from "../../session/index.ts";
import type { CommandContext } from "../context.ts";
import { CSV_STDOUT, CsvOutput } from "../csv-output.ts";
import { colorsOf, widthOf } from "../terminal.ts";
import { formatDuration, formatPercent, printable, wrapText } from "../text.ts";
import type { PredictionOutput } from "./prediction-output.ts";

export interface PitchOptions {
  readonly csv?: string;
  readonly json?: boolean;
  /** Estimates below this probability are left out of what people read. */
  readonly least: number;
}

/** A pitch at the middle of its window. */
interface TimedPitch extends Pitch {
  /** In seconds. */
  readonly time: number;
}

/** @throws AuricleError "argument" for a model whose outputs are no pitches, "file" for a table that cannot be written */
export function pitchOutput(
  { classNames, path }: ModelFacts,
  { csv: place, json, least }: PitchOptions,
  { terminal }: CommandContext,
): PredictionOutput {
  const frequencies = pitchFrequencies(classNames);
  if (!frequencies) {
    throw new AuricleError(
      "argument",
      `pitch: the outputs of ${path} must be named by their pitch, as "440.000 Hz"; got "${classNames[0]}": use predict`,
    );
  }
  const columns = ["source", "time", "frequency", "confidence"];
  const csv = place === undefined ? undefined : new CsvOutput(place, columns, terminal.out);
  const show = (prediction: RecordingPrediction) => {
    const pitches = prediction.windows.map(({ start, end, outputs }) => ({
      time: (start + end) / 2,
      ...pitchOf(outputs, frequencies),
    }));
    for (const { time, frequency, confidence } of pitches) {
      csv?.row({
        source: prediction.path,
        time: rounded(time),
        frequency: rounded(frequency),
        confidence: rounded(confidence),
      });
    }
    if (json) terminal.printJson(asJson(prediction, pitches));
    else if (place !== CSV_STDOUT) {
      const { bold, dim } = colorsOf(terminal.out);
      const length = formatDuration(prediction.seconds);
      terminal.print(`${bold(printable(prediction.path))} ${dim(`(${length})`)}`);
      for (const line of describe(pitches, least, widthOf(terminal.out) - 2)) terminal.print(`  ${line}`);
    }
  };
  return {
    show(event) {
      if (event.kind === "recording") show(event.prediction);
      else if (event.kind === "problem") terminal.note(event.problem.problem);
    },
    close: () => csv?.close(),
    sum: () => undefined,
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

function asJson({ path, seconds, isSilent }: RecordingPrediction, pitches: readonly TimedPitch[]): object {
  return { event: "pitch", source: path, seconds, ...(isSilent && { silent: true }), pitches };
}

/** The range of the sure estimates, and the notes one after the other. */
function describe(pitches: readonly TimedPitch[], least: number, width: number): string[] {
  const sure = pitches.filter(({ confidence }) => confidence >= least);
  if (sure.length === 0) return ["No pitch: no estimate is as sure as --least asks."];
  const sorted = sure.map(({ frequency }) => frequency).sort((a, b) => a - b);
  const [low, middle, high] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((at) => sorted[at]);
  const share = formatPercent(sure.length / pitches.length, 0);
  const range = `${named(middle)} in the middle, from ${named(low)} to ${named(high)}; a pitch in ${share} of the time`;
  return [...wrapText(range, width), ...wrapText(notesOf(sure).join(" "), width)];
}

function named(frequency: number): string {
  return `${frequency.toFixed(1)} Hz (${noteOf(frequency)})`;
}

const NOTE_NAMES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

/** The nearest note of the tempered scale, with A4 at 440 Hz: "A4". */
function noteOf(frequency: number): string {
  const semitone = Math.round(12 * Math.log2(frequency / 440)) + 69;
  return `${NOTE_NAMES[((semitone % 12) + 12) % 12]}${Math.floor(semitone / 12) - 1}`;
}

/** Notes that last for at least this many estimates; shorter ones are slides between others. */
const SHORTEST_NOTE = 5;

function notesOf(pitches: readonly TimedPitch[]): string[] {
  const notes: { name: string; count: number }[] = [];
  for (const { frequency } of pitches) {
    const name = noteOf(frequency);
    const last = notes.at(-1);
    if (last?.name === name) last.count++;
    else notes.push({ name, count: 1 });
  }
  const long = notes.filter(({ count }) => count >= SHORTEST_NOTE).map(({ name }) => name);
  return long.filter((name, i) => name !== long[i - 1]);
}
