/**
 * @file The metrics of each epoch, in a run's folder: metrics.jsonl, one JSON object a line, and metrics.csv, the same
 * as a table. Lines are appended and flushed to the disk. Browser-safe.
 */

import { join } from "#here/io/path";
import { store } from "#here/io/store/store";
import * as z from "zod/mini";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError, writeFileAtomic } from "../io/atomic-file.ts";
import { RUN_FILES } from "./run-folder.ts";

const epochMetrics = z.object({
  /** From 1. */
  epoch: z.int().check(z.minimum(1)),
  loss: z.number(),
  /** null where numbers are predicted. */
  accuracy: z.nullable(z.number()),
  /** null where nothing is held out for validation. */
  validationLoss: z.nullable(z.number()),
  validationAccuracy: z.nullable(z.number()),
  /** The unweighted mean of the classes' F1, of examples as a whole; null where there are no classes. */
  validationMacroF1: z.nullable(z.number()),
  learningRate: z.number(),
  /** Wall-clock time of the epoch, its validation included; null where its line was lost and made again. */
  seconds: z.nullable(z.number()),
});

/** The metrics of one epoch; training loss and accuracy are means over the epoch, while the weights change. */
export type EpochMetrics = z.infer<typeof epochMetrics>;

const trainedEpoch = z.pick(epochMetrics, {
  epoch: true,
  loss: true,
  accuracy: true,
  learningRate: true,
  seconds: true,
});

/** The metrics of an epoch that is still to be validated. */
export type TrainedEpoch = z.infer<typeof trainedEpoch>;

const COLUMNS = Object.keys(epochMetrics.shape) as (keyof EpochMetrics)[];

const CSV_HEADER = `${COLUMNS.join(",")}\n`;

export class MetricsLog {
  /** The metrics of the epochs in the log when it was opened, oldest first. */
  readonly metrics: readonly EpochMetrics[];
  private readonly jsonPath: string;
  private readonly csvPath: string;

  private constructor(folder: string, metrics: readonly EpochMetrics[]) {
    this.metrics = metrics;
    this.jsonPath = join(folder, RUN_FILES.metrics);
    this.csvPath = join(folder, "metrics.csv");
  }

  /**
   * Opens the log of a run that has finished `epochs` epochs, 0 for a new one. Lines that an interrupted process wrote
   * beyond them, and an unfinished line, are removed: those epochs are trained again. Damaged or missing lines are
   * restored from the checkpoint, with a warning.
   * @param stored the metrics that the checkpoint holds
   * @throws AuricleError "file", also where a line is lost and the checkpoint does not have it.
   */
  static async open(
    folder: string,
    epochs: number,
    stored: readonly EpochMetrics[],
    warn: (text: string) => void | Promise<void>,
  ): Promise<MetricsLog> {
    const lines = await readLines(folder);
    const lost: number[] = [];
    const metrics = Array.from({ length: epochs }, (_, i): EpochMetrics => {
      const line = lines.get(i + 1);
      const known = stored.at(i);
      if (line && (!known || isSame(line, known))) return line;
      if (!known) throw lostLine(folder, i + 1);
      lost.push(i + 1);
      return known;
    });
    const log = new MetricsLog(folder, metrics);
    await writeFileAtomic(log.jsonPath, metrics.map(jsonLine).join(""));
    await writeFileAtomic(log.csvPath, CSV_HEADER + metrics.map(csvLine).join(""));
    if (lost.length > 0) {
      const which = lost.length === 1 ? `epoch ${lost[0]}` : `${lost.length} epochs, the first ${lost[0]},`;
      await warn(
        `${RUN_FILES.metrics}: the metrics of ${which} were damaged or missing and were restored from the ` +
          "checkpoint, without their durations",
      );
    }
    return log;
  }

  /** Adds an epoch to both files. @throws AuricleError "file". */
  async append(metrics: EpochMetrics): Promise<void> {
    await appendLine(this.jsonPath, jsonLine(metrics));
    await appendLine(this.csvPath, csvLine(metrics));
  }
}

/** Everything but the time. */
function isSame(one: EpochMetrics, other: EpochMetrics): boolean {
  return COLUMNS.every((column) => column === "seconds" || one[column] === other[column]);
}

function lostLine(folder: string, epoch: number): AuricleError {
  return new AuricleError(
    "file",
    `${join(folder, RUN_FILES.metrics)}: the line of epoch ${epoch} is damaged or missing, and the checkpoint does ` +
      "not contain it; restore the file from a copy or start a new run",
  );
}

/** The metrics in a checkpoint's text; none where it has none. @throws AuricleError "file" for another text. */
export function storedMetrics(text: unknown): EpochMetrics[] {
  return text === undefined ? [] : stored(text, z.array(epochMetrics));
}

/** The metrics of an epoch that is still to be validated, likewise. @throws AuricleError "file" for another text. */
export function storedTrainedEpoch(text: unknown): TrainedEpoch {
  return stored(text, trainedEpoch);
}

/** Reads a text of a checkpoint. @throws AuricleError "file" for one that does not fit the schema. */
export function stored<T>(text: unknown, schema: z.ZodMiniType<T>): T {
  try {
    return schema.parse(JSON.parse(z.string().parse(text)));
  } catch (cause) {
    throw new AuricleError("file", "this version cannot read what the checkpoint says of the training", {
      cause,
    });
  }
}

/** The epochs in a run's metrics.jsonl, oldest first; none where there is no such file. Damaged lines are left out. */
export async function readMetrics(folder: string): Promise<EpochMetrics[]> {
  return [...(await readLines(folder)).values()].sort((a, b) => a.epoch - b.epoch);
}

/** By epoch. What is no line of metrics, such as one that was cut short when the process was killed, is left out. */
async function readLines(folder: string): Promise<Map<number, EpochMetrics>> {
  const path = join(folder, RUN_FILES.metrics);
  let content: string;
  try {
    content = new TextDecoder().decode(await store.read(path));
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return new Map();
    throw fileError("read", path, cause);
  }
  const lines = content.split("\n").flatMap((line) => parseLine(line) ?? []);
  return new Map(lines.map((metrics) => [metrics.epoch, metrics]));
}

function parseLine(line: string): EpochMetrics | undefined {
  try {
    return epochMetrics.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function jsonLine(metrics: EpochMetrics): string {
  return `${JSON.stringify(metrics)}\n`;
}

function csvLine(metrics: EpochMetrics): string {
  return `${COLUMNS.map((column) => metrics[column] ?? "").join(",")}\n`;
}

async function appendLine(path: string, line: string): Promise<void> {
  try {
    await store.append(path, line);
  } catch (cause) {
    throw fileError("write", path, cause);
  }
}

/** JSON has no NaN and no infinities: a validation that gave one has no figure. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
