/** @file The events of a training run as JSON, one object a line. docs/command.md describes them. */

import type {
  BatchProgress,
  EpochMetrics,
  PreparationProgress,
  RunInfo,
  TrainingObserver,
} from "../runs/index.ts";
import type { Profile } from "../runtime/profile.ts";
import { LiveLine } from "./live-line.ts";
import type { Terminal } from "./terminal.ts";
import { warner } from "./warner.ts";

export class JsonProgress implements Omit<TrainingObserver, "begun"> {
  private readonly terminal: Terminal;
  private readonly line: LiveLine;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    this.line = new LiveLine(terminal.err);
  }

  preparing({ done, examples, unit }: PreparationProgress): void {
    this.line.draw(() => `${done} of ${examples} ${unit}`);
  }

  note(text: string): void {
    this.line.clear();
    this.terminal.note(text);
  }

  warning(text: string): void {
    this.line.clear();
    warner(this.terminal, true)(text);
  }

  started({ path, config, threads, parameters, examples, epochsDone, initialLoss }: RunInfo): void {
    this.terminal.printJson({
      event: "start",
      run: path,
      epochsDone,
      parameters,
      examples,
      threads,
      ...(initialLoss && { initialLoss }),
      config,
    });
  }

  batch({ epoch, batch, batches }: BatchProgress): void {
    this.line.draw(() => `Epoch ${epoch}, batch ${batch} of ${batches}`);
  }

  epoch(metrics: EpochMetrics, isBest: boolean): void {
    this.line.clear();
    this.terminal.printJson({ event: "epoch", ...metrics, isBest });
  }

  profiled({ kernels, lost }: Profile, path: string): void {
    this.line.clear();
    this.terminal.printJson({ event: "profile", path, lost, kernels });
  }

  /** Gives the terminal back; to be called however training ends. */
  end(): void {
    this.line.clear();
  }
}
