/**
 * @file The metrics of each epoch, in a run's folder: metrics.jsonl, one JSON object a line, and metrics.csv, the same
 * as a table. Lines are appended and flushed to the disk. Node only.
 */

import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errorCode, fileError, writeFileAtomic } from "../io/atomic-file.ts";

const epochMetrics = z.object({
  /** From 1. */
  epoch: z.int().min(1),
  loss: z.number(),
  /** null where numbers are predicted. */
  accuracy: z.number().nullable(),
  /** null where nothing is held out for validation. */
  validationLoss: z.number().nullable(),
  validationAccuracy: z.number().nullable(),
  /** The unweighted mean of the classes' F1, of clips of sound; null elsewhere. */
  validationMacroF1: z.number().nullable(),
  learningRate: z.number(),
  /** Wall-clock time of the epoch, its validation included. */
  seconds: z.number(),
});

/** The metrics of one epoch; training loss and accuracy are means over the epoch, while the weights change. */
export type EpochMetrics = z.infer<typeof epochMetrics>;

const COLUMNS = Object.keys(epochMetrics.shape) as (keyof EpochMetrics)[];

const CSV_HEADER = `${COLUMNS.join(",")}\n`;

export class MetricsLog {
  private readonly jsonPath: string;
  private readonly csvPath: string;

  private constructor(folder: string) {
    this.jsonPath = join(folder, "metrics.jsonl");
    this.csvPath = join(folder, "metrics.csv");
  }

  /**
   * Opens the log of a run that has finished `epochs` epochs, 0 for a new one. What an interrupted process has
   * written beyond them, and half a line, is removed: those epochs are trained again.
   * @throws AuricleError "file".
   */
  static async open(folder: string, epochs: number): Promise<MetricsLog> {
    const log = new MetricsLog(folder);
    const kept = (await readMetrics(folder)).filter(({ epoch }) => epoch <= epochs);
    await writeFileAtomic(log.jsonPath, kept.map(jsonLine).join(""));
    await writeFileAtomic(log.csvPath, CSV_HEADER + kept.map(csvLine).join(""));
    return log;
  }

  /** Adds an epoch to both files. @throws AuricleError "file". */
  async append(metrics: EpochMetrics): Promise<void> {
    await appendLine(this.jsonPath, jsonLine(metrics));
    await appendLine(this.csvPath, csvLine(metrics));
  }
}

/** The epochs in a run's metrics.jsonl, oldest first; none where there is no such file. */
export async function readMetrics(folder: string): Promise<EpochMetrics[]> {
  const path = join(folder, "metrics.jsonl");
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return [];
    throw fileError("read", path, cause);
  }
  const epochs: EpochMetrics[] = [];
  for (const line of content.split("\n")) {
    const metrics = parseLine(line);
    // A line that was cut short when the process was killed ends what can be used.
    if (!metrics) break;
    epochs.push(metrics);
  }
  return epochs;
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
    const file = await open(path, "a");
    try {
      await file.writeFile(line);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileError("write", path, cause);
  }
}
