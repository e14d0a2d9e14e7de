/** @file The display of a training run: a table with a line for each epoch, and a progress bar below it. */

import { describeInitialLoss, modelTitle } from "../runs/index.ts";
import type {
  BatchProgress,
  EpochMetrics,
  PreparationProgress,
  RunInfo,
  TrainingObserver,
} from "../runs/index.ts";
import type { Profile } from "../runtime/profile.ts";
import { LiveLine } from "./live-line.ts";
import { examplesOf, oneOf } from "./nouns.ts";
import { formatProfile } from "./profile-table.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import {
  formatBar,
  formatCount,
  formatDuration,
  padStart,
  printable,
  printableLines,
  wrapText,
} from "./text.ts";

/** Columns of the bar at most. */
const WIDEST_BAR = 30;

/** The widths of the table's columns. */
const WIDTHS = [7, 6, 8, 15, 8, 8, 9];

export class TrainingProgress implements Omit<TrainingObserver, "begun"> {
  private readonly stream: TextStream;
  private readonly line: LiveLine;
  private epochs = 1;
  private unit = "examples";
  private began: { readonly at: number; readonly examples: number } | undefined;

  constructor(stream: TextStream) {
    this.stream = stream;
    this.line = new LiveLine(stream);
  }

  preparing({ done, examples, unit, audioSeconds = 0, rate = 0 }: PreparationProgress): void {
    this.line.draw((width) => {
      const before = "Decoding ";
      const decoded =
        audioSeconds > 0 ? `  ${formatDuration(audioSeconds)}, ${Math.round(rate)}× real time` : "";
      const after = ` ${formatCount(done)} of ${formatCount(examples)} ${unit}${decoded}`;
      const barWidth = Math.min(WIDEST_BAR, width - before.length - after.length);
      return before + formatBar(done / examples, Math.max(0, barWidth)) + after;
    });
  }

  note(text: string): void {
    const width = widthOf(this.stream);
    // Indented lines name files: they stay whole.
    const lines = printableLines(text)
      .split("\n")
      .flatMap((line) => (line.startsWith(" ") ? [line] : wrapText(line, width)));
    this.write(`${lines.join("\n")}\n`);
  }

  warning(text: string): void {
    this.note(`Warning: ${text}`);
  }

  started(info: RunInfo): void {
    const { bold, dim } = colorsOf(this.stream);
    const { config, examples } = info;
    this.epochs = config.epochs;
    this.unit = config.kind === "sound" ? "windows" : "images";
    const parts = [`${formatCount(examples.train)} training ${this.unit}`];
    if (examples.validation > 0) {
      const noun = examples.validation === 1 ? oneOf(config.kind) : examplesOf(config.kind);
      parts.push(`${formatCount(examples.validation)} validation ${noun}`);
    }
    const threads = info.threads === 1 ? "1 thread" : `${info.threads} threads`;
    this.write(
      `${bold(`${printable(modelTitle(config.model))} on ${printable(info.dataName)}`)}: ${parts.join(", ")}\n` +
        `${formatCount(info.parameters)} parameters, ${howTrained(config)}, seed ${config.seed}\n` +
        dim(`${config.target}, ${threads}; run: ${printable(info.path)}`) +
        "\n",
    );
    if (info.initialLoss) this.note(describeInitialLoss(info.initialLoss));
    if (info.epochsDone > 0) this.write(`Resuming after epoch ${info.epochsDone} of ${config.epochs}\n`);
    this.write(
      this.tableLine(["epoch", "loss", "accuracy", "validation loss", "accuracy", "macro F1", "time"]),
    );
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
        (progress.accuracy === undefined ? "" : `accuracy ${progress.accuracy.toFixed(3)}  `) +
        `${formatCount(rate)} ${this.unit}/s  ${left} left`;
      const barWidth = Math.min(WIDEST_BAR, width - before.length - after.length);
      return before + formatBar(progress.batch / progress.batches, Math.max(0, barWidth)) + after;
    });
  }

  epoch(metrics: EpochMetrics, isBest: boolean): void {
    const figures = [
      metrics.loss,
      metrics.accuracy,
      metrics.validationLoss,
      metrics.validationAccuracy,
      metrics.validationMacroF1,
    ];
    const cells = [
      `${metrics.epoch}/${this.epochs}`,
      ...figures.map((figure) => (figure === null ? "-" : figure.toFixed(4))),
      metrics.seconds === null ? "-" : formatDuration(metrics.seconds),
    ];
    this.write(this.tableLine(cells, isBest ? "best" : ""));
  }

  profiled(profile: Profile, path: string): void {
    this.write(`\n${formatProfile(profile, path, this.stream)}\n\n`);
  }

  /** Gives the terminal back; to be called however training ends. */
  end(): void {
    this.line.clear();
  }

  private tableLine(cells: readonly string[], remark = ""): string {
    const shown = cells.map((cell, column) => padStart(cell, WIDTHS[column]));
    return `${shown.join("  ")}${remark && `  ${remark}`}\n`;
  }

  private write(text: string): void {
    this.line.clear();
    this.stream.write(text);
  }
}

/** The optimizer and its steps; for a frozen network, which has none, that its head alone is trained. */
function howTrained({ transfer, optimizer, learningRate, batchSize }: RunInfo["config"]): string {
  if (transfer?.how === "frozen") return "all frozen but a linear head";
  return `${optimizer}, learning rate ${learningRate}, batches of ${batchSize}`;
}

/** Seconds as "0:07" or "1:02:03". */
function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
