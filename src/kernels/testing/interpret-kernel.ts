/**
 * @file Runs kernels without a target: what the language means for any number of lanes, so that kernels can be checked for
 * vectors that no processor here may have. Statements become closures over typed arrays once, before the kernel runs.
 */
import type { KernelCode, MachineTraits, Statement, VectorVariable } from "../../machine/ir.ts";
import { Integers } from "./interpret-integers.ts";
import { Vectors, type Step } from "./interpret-vectors.ts";

/**
 * The kernel as a function of its parameters. Multiply-adds are rounded once if the machine's are fused, so results have
 * the bits of machine code but for those of NaN.
 * @throws RangeError, when it runs, if it reads or writes beyond the memory or between two words
 */
export function interpretKernel(
  code: KernelCode,
  traits: MachineTraits,
  memory: ArrayBufferLike,
): (...parameters: readonly number[]) => void {
  const writer = new StepWriter(code, traits, memory);
  const steps = writer.block(code.statements);
  return (...parameters) => {
    writer.integers.variables.set(parameters.slice(0, code.parameterCount));
    runAll(steps);
  };
}

function runAll(steps: readonly Step[]): void {
  for (let i = 0; i < steps.length; i++) steps[i]();
}

class StepWriter {
  readonly integers: Integers;
  private readonly vectors: Vectors;
  private readonly memory: Int32Array;
  private readonly lanes: number;

  constructor(code: KernelCode, traits: MachineTraits, memory: ArrayBufferLike) {
    this.integers = new Integers(code.intVariableCount, memory);
    this.vectors = new Vectors(traits, code.vectorVariableCount, this.integers, memory);
    this.memory = new Int32Array(memory);
    this.lanes = traits.lanes;
  }

  block(statements: readonly Statement[]): Step[] {
    const steps: Step[] = [];
    for (const statement of statements) this.statement(statement, steps);
    return steps;
  }

  private statement(statement: Statement, steps: Step[]): void {
    const { integers, vectors } = this;
    const ints = integers.variables;
    switch (statement.kind) {
      case "setInt": {
        const { id } = statement.variable;
        const value = integers.value(statement.value);
        steps.push(() => (ints[id] = value()));
        return;
      }
      case "setVector":
        vectors.into(vectors.variable(statement.variable), statement.value, steps);
        return;
      case "store":
        this.store(statement, steps);
        return;
      case "transpose":
        steps.push(this.transpose(statement.variables));
        return;
      case "loop": {
        const { id } = statement.counter;
        const [from, to] = [integers.value(statement.from), integers.value(statement.to)];
        const body = this.block(statement.body);
        const { step } = statement;
        steps.push(() => {
          for (ints[id] = from(); ints[id] < to(); ints[id] += step) runAll(body);
        });
        return;
      }
      case "unrolledLoop":
        steps.push(this.unrolledLoop(statement));
        return;
      case "ifAtLeast": {
        const [a, b] = [integers.value(statement.a), integers.value(statement.b)];
        const body = this.block(statement.body);
        steps.push(() => {
          if (a() >= b()) runAll(body);
        });
        return;
      }
    }
  }

  private store(statement: Extract<Statement, { kind: "store" }>, steps: Step[]): void {
    const { memory } = this;
    const { count } = statement;
    const { words } = this.vectors.value(statement.value, steps);
    const word = this.integers.word(statement, count);
    steps.push(() => {
      const first = word();
      for (let lane = 0; lane < count; lane++) memory[first + lane] = words[lane];
    });
  }

  private transpose(variables: readonly VectorVariable[]): Step {
    const rows = variables.map((variable) => this.vectors.variable(variable).words);
    const { lanes } = this;
    return () => {
      for (let row = 0; row < lanes; row++) {
        for (let column = 0; column < row; column++) {
          const word = rows[row][column];
          rows[row][column] = rows[column][row];
          rows[column][row] = word;
        }
      }
    };
  }

  private unrolledLoop(loop: Extract<Statement, { kind: "unrolledLoop" }>): Step {
    const ints = this.integers.variables;
    const { id } = loop.counter;
    const { step } = loop;
    const to = this.integers.value(loop.to);
    const bodies = loop.bodies.map((body) => this.block(body));
    const afterRound = this.block(loop.afterRound);
    return () => {
      for (let copy = 0; ; copy = (copy + 1) % bodies.length) {
        runAll(bodies[copy]);
        ints[id] += step;
        if (copy === bodies.length - 1) runAll(afterRound);
        if (ints[id] === to()) return;
      }
    };
  }
}
