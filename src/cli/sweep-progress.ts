/** @file The progress of a sweep: a line for each configuration, or JSON. */

import { METRIC_NAMES, type Entry, type Sweep, type SweepEvent } from "../sweep/index.ts";
import { downloadNotes } from "./download-notes.ts";
import { LiveLine } from "./live-line.ts";
import { formatScore, optionWords } from "./sweep-table.ts";
import type { Terminal } from "./terminal.ts";
import { widthOf } from "./terminal.ts";
import { printable, wrapText } from "./text.ts";
import { warner } from "./warner.ts";

export class SweepProgress {
  private readonly terminal: Terminal;
  private readonly isJson: boolean;
  private readonly isQuiet: boolean;
  private readonly line: LiveLine;
  private readonly showObtaining: ReturnType<typeof downloadNotes>;
  private readonly seeds: number;
  /** The epochs of the runs under way, by configuration and seed. */
  private readonly under = new Map<string, number>();

  constructor(
    terminal: Terminal,
    { seeds }: Sweep,
    { isJson, isQuiet }: { isJson: boolean; isQuiet: boolean },
  ) {
    this.terminal = terminal;
    this.isJson = isJson;
    this.isQuiet = isQuiet;
    this.seeds = seeds;
    this.line = new LiveLine(isQuiet ? terminal.err : terminal.out);
    this.showObtaining = downloadNotes(terminal);
  }

  show(event: SweepEvent): void {
    const { terminal, isJson, line } = this;
    switch (event.kind) {
      case "obtaining":
        return this.showObtaining(event.progress);
      case "preparing": {
        const { done, examples, unit } = event.progress;
        return line.draw(() => `${done} of ${examples} ${unit}`);
      }
      case "note":
        line.clear();
        return terminal.note(event.text);
      case "warning":
        line.clear();
        return warner(terminal, isJson)(event.text);
      case "begun": {
        const { path, metric, runs } = event;
        if (isJson) return terminal.printJson({ event: "sweep", path, metric, runs });
        const count = runs === null ? "as many runs as there is time for" : `${runs} runs`;
        return this.print([`${count}, compared by ${METRIC_NAMES[metric]}`]);
      }
      case "epoch": {
        const { number, seed, metrics } = event;
        if (isJson) return terminal.printJson({ event: "epoch", configuration: number, seed, ...metrics });
        this.under.set(this.seeds === 1 ? `${number}` : `${number} seed ${seed}`, metrics.epoch);
        return line.draw(() => [...this.under].map(([run, epoch]) => `${run}: epoch ${epoch}`).join("   "));
      }
      case "trained":
        if (isJson) return terminal.printJson({ event: "configuration", ...event.entry });
        for (const run of [...this.under.keys()]) {
          if (run.split(" ")[0] === String(event.entry.number)) this.under.delete(run);
        }
        return this.print(this.trained(event.entry, event.hasTrained));
      case "testing":
        if (isJson) return;
        return this.print([`The best is ${event.entry.number}: it is trained to its end and tested.`]);
    }
  }

  end(): void {
    this.line.clear();
  }

  private trained({ number, options, epochs, score, problem }: Entry, hasTrained: boolean): string[] {
    const words = optionWords(options);
    if (!score) return [`${number} failed: ${printable(problem ?? "")}`, words];
    const count = `${epochs} ${epochs === 1 ? "epoch" : "epochs"}${hasTrained ? "" : ", trained before"}`;
    return [`${number}: ${formatScore(score)} after ${count}`, words];
  }

  private print([first, ...others]: readonly string[]): void {
    if (this.isQuiet) return;
    this.line.clear();
    const width = widthOf(this.terminal.out);
    for (const line of wrapText(first, width)) this.terminal.print(line);
    for (const text of others) {
      for (const line of wrapText(text, width - 2)) this.terminal.print(`  ${line}`);
    }
  }
}
