/**
 * @file Runs kernels without a target: what the language means for any number of lanes, so that kernels can be checked for
 * vectors that no processor here may have. Statements become closures over typed arrays once, before the kernel runs.
 */
import type { KernelCode } from "../../machine/ir.ts";
import { Integers } from "./interpret-integers.ts";
import { StatementWriter, type StatementOf, type Step } from "./interpret-statements.ts";
import { Vectors } from "./interpret-vectors.ts";

/**
 * The kernel as a function of its parameters. Multiply-adds are rounded once if the machine's are fused, so results have
 * the bits of machine code but for those of NaN.
 * @throws RangeError, when it runs, if it reads or writes beyond the memory or between two words
 */
export function interpretKernel(
  code: KernelCode,
  memory: ArrayBufferLike,
): (...parameters: readonly number[]) => void {
  return new ValueWriter(code, memory).kernel(code);
}

class ValueWriter extends StatementWriter {
  private readonly vectors: Vectors;
  private readonly memory: Int32Array;
  private readonly lanes: number;

  constructor(code: KernelCode, memory: ArrayBufferLike) {
    super(new Integers(code.intVariableCount, memory));
    this.vectors = new Vectors(code.machine, code.vectorVariableCount, this.integers, memory);
    this.memory = new Int32Array(memory);
    this.lanes = code.machine.lanes;
  }

  protected setVector({ variable, value }: StatementOf<"setVector">, steps: Step[]): void {
    this.vectors.into(this.vectors.variable(variable), value, steps);
  }

  protected store(statement: StatementOf<"store">, steps: Step[]): void {
    const { memory } = this;
    const { count } = statement;
    const { words } = this.vectors.value(statement.value, steps);
    const word = this.integers.word(statement, count);
    steps.push(() => {
      const first = word();
      for (let lane = 0; lane < count; lane++) memory[first + lane] = words[lane];
    });
  }

  protected transpose({ variables }: StatementOf<"transpose">, steps: Step[]): void {
    const rows = variables.map((variable) => this.vectors.variable(variable).words);
    const { lanes } = this;
    steps.push(() => {
      for (let row = 0; row < lanes; row++) {
        for (let column = 0; column < row; column++) {
          const word = rows[row][column];
          rows[row][column] = rows[column][row];
          rows[column][row] = word;
        }
      }
    });
  }
}
