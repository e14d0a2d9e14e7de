/** @file What a training run shows while it goes on: a table with a line for each epoch, and a bar below it. */

import type { BatchProgress, EpochMetrics, RunInfo, TrainingObserver } from "../runs/index.ts";
import { LiveLine } from "./live-line.ts";
import { colorsOf, type TextStream } from "./terminal.ts";
import { formatBar, formatCount, formatDuration, padStart } from "./text.ts";

/** Columns of the bar at most. */
const WIDEST_BAR = 30;

export class TrainingProgress implements TrainingObserver {
  private readonly stream: TextStream;
  private readonly line: LiveLine;
  private epochs = 1;
  private unit = "examples";
  private began: { readonly at: number; readonly examples: number } | undefined;

  constructor(stream: TextStream) {
    this.stream = stream;
    this.line = new LiveLine(stream);
  }

  started(info: RunInfo): void {
    const { bold, dim } = colorsOf(this.stream);
    const { config, examples } = info;
    this.epochs = config.epochs;
    this.unit = info.axisNames?.includes("height") ? "images" : "examples";
    const parts = [`${formatCount(examples.train)} ${this.unit} to train on`];
    if (examples.validation > 0) parts.push(`${formatCount(examples.validation)} to validate`);
    const threads = info.threads === 1 ? "1 thread" : `${info.threads} threads`;
    this.write(
      `${bold(`${config.model} on ${info.dataName}`)}: ${parts.join(", ")}\n` +
        `${formatCount(info.parameters)} parameters, ${config.optimizer}, learning rate ` +
        `${config.learningRate}, batches of ${config.batchSize}, seed ${config.seed}\n` +
        dim(`${config.target}, ${threads}; run: ${info.path}`) +
        "\n",
    );
    if (info.epochsDone > 0) this.write(`Going on after epoch ${info.epochsDone} of ${config.epochs}\n`);
    const heading = ["epoch", "loss", "accuracy", "validation loss", "accuracy", "time"];
    this.write(tableLine(heading));
  }

  batch(progress: BatchProgress): void {
    this.began ??= { at: performance.now(), examples: progress.examples };
    const seconds = (performance.now() - this.began.at) / 1000;
    const done = progress.examples - this.began.examples;
    this.line.draw((width) => {
      const rate = seconds > 0 ? done / seconds : 0;
      const left = rate > 0 ? formatClock((progress.totalExamples - progress.examples) / rate) : "-:--";
      const before = `Epoch ${progress.epoch}/${this.epochs} `;
      const percent = Math.floor((100 * progress.batch) / progress.batches);
      const after =
        ` ${padStart(String(percent), 3)} %  loss ${progress.loss.toFixed(3)}  ` +
        `accuracy ${progress.accuracy.toFixed(3)}  ${formatCount(rate)} ${this.unit}/s  ${left} left`;
      const barWidth = Math.min(WIDEST_BAR, width - before.length - after.length);
      return before + formatBar(progress.batch / progress.batches, Math.max(0, barWidth)) + after;
    });
  }

  epoch(metrics: EpochMetrics, isBest: boolean): void {
    const { validationLoss, validationAccuracy } = metrics;
    const cells = [
      `${metrics.epoch}/${this.epochs}`,
      metrics.loss.toFixed(4),
      metrics.accuracy.toFixed(4),
      validationLoss === null ? "-" : validationLoss.toFixed(4),
      validationAccuracy === null ? "-" : validationAccuracy.toFixed(4),
      formatDuration(metrics.seconds),
    ];
    this.write(tableLine(cells, isBest ? "best" : ""));
  }

  /** Gives the terminal back; to be called however training ends. */
  end(): void {
    this.line.clear();
  }

  private write(text: string): void {
    this.line.clear();
    this.stream.write(text);
  }
}

const WIDTHS = [7, 6, 8, 15, 8, 9];

function tableLine(cells: readonly string[], remark = ""): string {
  const line = cells.map((cell, column) => padStart(cell, WIDTHS[column])).join("  ");
  return `${line}${remark && `  ${remark}`}\n`;
}

/** Seconds as "0:07" or "1:02:03". */
function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
