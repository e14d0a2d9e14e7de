/** @file An evaluation as rows of a table: one for each example, with its true and predicted answer. */

import { tagsOf, type evaluateRun, type TrainingConfig } from "../runs/index.ts";
import { CsvOutput, type CsvCell } from "./csv-output.ts";
import { columnOf, namedOutputs } from "./prediction-csv.ts";
import type { TextStream } from "./terminal.ts";

type Evaluation = Awaited<ReturnType<typeof evaluateRun>>["evaluations"][number];

export class EvaluationCsv {
  private readonly csv: CsvOutput;
  private readonly config: Pick<TrainingConfig, "task" | "classNames">;

  /** @throws AuricleError for a place that cannot be written. */
  constructor(place: string, config: Pick<TrainingConfig, "task" | "classNames">, stdout: TextStream) {
    const { task, classNames } = config;
    const answers = {
      classification: ["true class", "class", "correct"],
      tagging: ["true tags", "tags"],
      regression: classNames.map((name) => `true value of ${name}`),
    }[task];
    const outputs = classNames.map((name) => columnOf(name, task));
    this.config = config;
    this.csv = new CsvOutput(place, ["part", "source", ...answers, ...outputs], stdout);
  }

  /** Writes the rows of one part of the data. */
  add({ name: part, results }: Evaluation): void {
    const { task, classNames } = this.config;
    for (const { id, truth, outputs } of results) {
      const values = Float32Array.from(outputs);
      const named = namedOutputs({ classNames, outputs: values }, (name) => columnOf(name, task));
      this.csv.row({ part, source: id, ...this.answers(truth, outputs), ...named });
    }
  }

  close(): void {
    this.csv.close();
  }

  private answers(truth: readonly number[], outputs: readonly number[]): Record<string, CsvCell> {
    const { task, classNames } = this.config;
    if (task === "regression") {
      return Object.fromEntries(classNames.map((name, i) => [`true value of ${name}`, truth[i]]));
    }
    if (task === "tagging") {
      const tags = tagsOf({ classNames, outputs: Float32Array.from(outputs) });
      return { "true tags": truth.map((i) => classNames[i]).join(";"), tags: tags.join(";") };
    }
    const guess = outputs.indexOf(Math.max(...outputs));
    return { "true class": classNames[truth[0]], class: classNames[guess], correct: guess === truth[0] };
  }
}
