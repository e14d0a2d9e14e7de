/** @file The code that all interpreters of kernels share: integers and control flow. Statements become closures once. */
import type { KernelCode, Statement } from "../../machine/ir.ts";
import type { Integers } from "./interpret-integers.ts";

export type Step = () => void;

export type StatementOf<K extends Statement["kind"]> = Extract<Statement, { kind: K }>;

export function runAll(steps: readonly Step[]): void {
  for (let i = 0; i < steps.length; i++) steps[i]();
}

export abstract class StatementWriter {
  readonly integers: Integers;

  constructor(integers: Integers) {
    this.integers = integers;
  }

  /** The kernel as a function of its parameters. */
  kernel(code: KernelCode): (...parameters: readonly number[]) => void {
    const steps = this.block(code.statements);
    return (...parameters) => {
      this.integers.variables.set(parameters.slice(0, code.parameterCount));
      runAll(steps);
    };
  }

  protected block(statements: readonly Statement[]): Step[] {
    const steps: Step[] = [];
    for (const statement of statements) this.statement(statement, steps);
    return steps;
  }

  /** Each of these appends its steps. */
  protected abstract setVector(statement: StatementOf<"setVector">, steps: Step[]): void;
  protected abstract store(statement: StatementOf<"store">, steps: Step[]): void;
  protected abstract transpose(statement: StatementOf<"transpose">, steps: Step[]): void;

  private statement(statement: Statement, steps: Step[]): void {
    const { integers } = this;
    const ints = integers.variables;
    switch (statement.kind) {
      case "setInt": {
        const { id } = statement.variable;
        const value = integers.value(statement.value);
        steps.push(() => (ints[id] = value()));
        return;
      }
      case "setVector":
        this.setVector(statement, steps);
        return;
      case "store":
        this.store(statement, steps);
        return;
      case "transpose":
        this.transpose(statement, steps);
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

  protected unrolledLoop(loop: StatementOf<"unrolledLoop">): Step {
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
