/** @file Outputs for inputs, in batches. */
import { compileGraph } from "../../graph/compile.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import { inputTensor } from "../../graph/sources.ts";
import type { Precision } from "../../runtime/precision.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { InferenceNetwork } from "../inference-network.ts";
import { checkFinite } from "./check-examples.ts";
import { copyRows, inputArrays, type ModelInputs } from "./example-source.ts";
import { checkBatchSize } from "./evaluate.ts";
import { runBatches } from "./run-batches.ts";
import { compileOptions, type EngineOptions } from "./engine-options.ts";

/**
 * A network's inference programs. A batch that is not full goes through the program of the next power of two, the
 * rest of which stays as it was: so any number of examples needs only a handful of programs.
 */
export class Predictor {
  private readonly network: InferenceNetwork;
  private readonly engine: EngineOptions;
  private readonly programs = new Map<string, CompiledGraph>();

  constructor(network: InferenceNetwork, engine: EngineOptions) {
    this.network = network;
    this.engine = engine;
  }

  /**
   * @param x `[N, …]` for each input
   * @param size the number of examples in a batch; default: all
   * @param precision default "float32"
   * @returns `[N, …]` for each output
   * @throws AuricleError "shape" when x does not fit, "data" naming the example with a NaN or an infinity.
   */
  async predict(
    x: ModelInputs,
    size: number | undefined,
    precision?: Precision,
  ): Promise<readonly FloatArray[]> {
    if (size !== undefined) checkBatchSize(size);
    const arrays = inputArrays(this.network, x);
    const length = arrays[0].shape[0];
    const batchSize = size ?? Math.max(1, length);
    const results = this.network.outputs.map(({ shape }) => ({
      shape: [length, ...shape],
      data: new Float32Array(length * sizeOf(shape)),
    }));
    await runBatches(
      this.network,
      (rows) => this.program(rows, precision),
      {
        length,
        read: (rows, input) => arrays.forEach((array, i) => copyFinite(array, rows, input(i))),
        take: (rows, output) =>
          results.forEach(({ data }, i) => {
            const size = data.length / length;
            data.set(output(i).subarray(0, rows.length * size), rows[0] * size);
          }),
      },
      batchSize,
    );
    return results;
  }

  private program(batchSize: number, precision: Precision = "float32"): CompiledGraph {
    const key = `${batchSize} ${precision}`;
    let program = this.programs.get(key);
    if (!program) {
      const inputs = this.network.inputShapes.map((shape) => inputTensor([batchSize, ...shape], "float32"));
      const outputs = this.network.applyAll(inputs, { training: false });
      program = compileGraph(
        { inputs, outputs, assignments: [] },
        compileOptions(this.network, this.engine, precision),
      );
      this.programs.set(key, program);
    }
    return program;
  }
}

/** @throws AuricleError "data" naming the example with a NaN or an infinity */
function copyFinite(array: NumericArray, rows: Uint32Array, to: Float32Array | Int32Array): void {
  copyRows(array, rows, to);
  const filled = to.subarray(0, rows.length * sizeOf(array.shape.slice(1)));
  if (filled instanceof Float32Array) checkFinite("x", "input", rows, filled);
}
