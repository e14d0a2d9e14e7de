/** @file Reads examples straight into a program's memory, weighs them by class and checks them. */
import type { StepProgram } from "./step-programs.ts";
import { checkExamples, classesOf, type ExampleRules } from "./check-examples.ts";
import { checkWritten, markUnwritten } from "./check-written.ts";
import type { BatchArrays, Weighted } from "./batch.ts";
import type { ExampleSource } from "./example-source.ts";
import type { TrainedOutput } from "./trained-outputs.ts";

export interface BatchReaderOptions {
  readonly source: ExampleSource;
  readonly outputs: readonly TrainedOutput[];
  /** For each output by class; they multiply the examples' own weights. */
  readonly classWeights: readonly (Float32Array | undefined)[];
  /** Whether a program's memory stays where it is while an asynchronous read goes on. */
  readonly memoryStays: boolean;
}

export class BatchReader {
  /** Looks for NaN and labels out of range; one pass over the examples is enough. */
  checking = true;
  private readonly options: BatchReaderOptions;
  /** For each output, what has weights. */
  readonly weighted: readonly Weighted[];
  private readonly rules: ExampleRules;

  constructor(options: BatchReaderOptions) {
    const { source, outputs, classWeights } = options;
    this.options = options;
    this.rules = {
      name: source.name,
      targets: outputs.map(({ loss, shape, part }) => ({
        what: part("target"),
        kind: loss.targets,
        loss: loss.name,
        classes: shape.at(-1) ?? 1,
        ignored: loss.config?.ignoreIndex,
      })),
    };
    // Each position has a class.
    this.weighted = outputs.map(({ shape }, i) =>
      classWeights[i] === undefined ? source.weighted[i] : shape.length > 1 ? "positions" : "examples",
    );
  }

  /** @throws AuricleError "data" naming the example that cannot be used, and what the source throws. */
  read(program: StepProgram, indices: Uint32Array): void | Promise<void> {
    const { source, memoryStays } = this.options;
    const own = program.arrays();
    const arrays = memoryStays ? own : copyOf(own);
    if (this.checking) markUnwritten(arrays);
    const finish = () => {
      if (this.checking) checkWritten(this.rules.name, indices, arrays);
      this.weigh(arrays);
      if (this.checking) checkExamples(this.rules, indices, arrays);
      if (!memoryStays) copyTo(program.arrays(), arrays);
    };
    const pending = source.read(indices, arrays);
    if (pending) return pending.then(finish);
    finish();
  }

  private weigh({ targets, weights }: BatchArrays): void {
    const { source, classWeights } = this.options;
    weights.forEach((own, output) => {
      if (!own) return;
      if (!source.weighted[output]) own.fill(1);
      const byClass = classWeights[output];
      if (!byClass) return;
      const labels = classesOf(targets[output], this.rules.targets[output].classes);
      // Labels out of range have no weight; the check that follows names them.
      for (let i = 0; i < own.length; i++) own[i] *= byClass[labels[i]] ?? 0;
    });
  }
}

function copyOf({ inputs, targets, weights }: BatchArrays): BatchArrays {
  return {
    inputs: inputs.map((input) => input.slice()),
    targets: targets.map((target) => target.slice()),
    weights: weights.map((own) => own?.slice()),
  };
}

function copyTo(to: BatchArrays, from: BatchArrays): void {
  from.inputs.forEach((input, i) => to.inputs[i].set(input));
  from.targets.forEach((target, i) => to.targets[i].set(target));
  from.weights.forEach((own, i) => own && to.weights[i]?.set(own));
}
