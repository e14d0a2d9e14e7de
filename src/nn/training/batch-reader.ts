/** @file Reads examples straight into a program's memory, weighs them by class and checks them. */
import type { StepProgram } from "./step-programs.ts";
import { checkExamples, classesOf, type ExampleRules } from "./check-examples.ts";
import { checkWritten, markUnwritten } from "./check-written.ts";
import type { BatchArrays, ExampleSource } from "./example-source.ts";

export interface BatchReaderOptions {
  readonly source: ExampleSource;
  readonly rules: Omit<ExampleRules, "name">;
  /** By class; multiplies the examples' own weights. */
  readonly classWeights: Float32Array | undefined;
  /** Whether a program's memory stays where it is while an asynchronous read goes on. */
  readonly memoryStays: boolean;
}

export class BatchReader {
  /** Looks for NaN and labels out of range; one pass over the examples is enough. */
  checking = true;
  private readonly options: BatchReaderOptions;
  private readonly rules: ExampleRules;

  constructor(options: BatchReaderOptions) {
    this.options = options;
    this.rules = { ...options.rules, name: options.source.name };
  }

  get weighted(): boolean {
    return this.options.source.weighted || this.options.classWeights !== undefined;
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
    const { source, classWeights, rules } = this.options;
    if (!weights) return;
    if (!source.weighted) weights.fill(1);
    if (!classWeights) return;
    const labels = classesOf(targets, rules.classes);
    // Labels out of range have no weight; the check that follows names them.
    for (let i = 0; i < weights.length; i++) weights[i] *= classWeights[labels[i]] ?? 0;
  }
}

function copyOf({ inputs, targets, weights }: BatchArrays): BatchArrays {
  return {
    inputs: inputs.map((input) => input.slice()),
    targets: targets.slice(),
    weights: weights?.slice(),
  };
}

function copyTo(to: BatchArrays, from: BatchArrays): void {
  from.inputs.forEach((input, i) => to.inputs[i].set(input));
  to.targets.set(from.targets);
  if (from.weights) to.weights?.set(from.weights);
}
