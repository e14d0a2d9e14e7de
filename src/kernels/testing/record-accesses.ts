/**
 * @file Runs the addresses of a kernel and none of its arithmetic: where a kernel reads and writes does not depend on numbers but
 * on tables of integers. What it touches goes to a log.
 */
import type {
  IntExpression,
  IntVariable,
  KernelCode,
  Statement,
  VectorExpression,
} from "../../machine/ir.ts";
import type { AccessLog } from "./access-log.ts";
import { Integers, type IntFunction } from "./interpret-integers.ts";
import { runAll, StatementWriter, type StatementOf, type Step } from "./interpret-statements.ts";

/**
 * The kernel as a function of its parameters that records accesses.
 * @param memory has the integers that kernels load; is not written to
 * @throws RangeError, when it runs, if it goes beyond the memory or between two words, and as the log does
 */
export function recordAccesses(
  code: KernelCode,
  memory: ArrayBufferLike,
  log: AccessLog,
): (...parameters: readonly number[]) => void {
  return new AddressWriter(code, memory, log).kernel(code);
}

/** `count` words at an address. */
interface Access {
  readonly address: IntExpression;
  readonly offset: number;
  readonly count: number;
}

class AddressWriter extends StatementWriter {
  private readonly log: AccessLog;

  constructor(code: KernelCode, memory: ArrayBufferLike, log: AccessLog) {
    super(new Integers(code.intVariableCount, memory, (word) => log.read(word, 1)));
    this.log = log;
  }

  protected setVector({ value }: StatementOf<"setVector">, steps: Step[]): void {
    this.reads(value, steps);
  }

  protected store({ address, offset, value, count }: StatementOf<"store">, steps: Step[]): void {
    const { log } = this;
    this.reads(value, steps);
    const word = this.integers.word({ address, offset }, count);
    steps.push(() => log.write(word(), count));
  }

  protected transpose(): void {
    // Between registers.
  }

  private reads(value: VectorExpression, steps: Step[]): void {
    const { log } = this;
    for (const { address, offset, count } of accessesOf(value)) {
      const word = this.integers.word({ address, offset }, count);
      steps.push(() => log.read(word(), count));
    }
    for (const integer of integersOf(value)) {
      const load = this.integers.value(integer);
      steps.push(() => void load());
    }
  }

  /** All steps at once, if addresses move by the same distance in each: this is where most accesses are. */
  protected override unrolledLoop(loop: StatementOf<"unrolledLoop">): Step {
    const runs = runsOf(loop);
    if (!runs) return super.unrolledLoop(loop);
    const { integers } = this;
    const ints = integers.variables;
    const { id } = loop.counter;
    const copies = loop.bodies.length;
    const to = integers.value(loop.to);
    const afterRound = this.block(loop.afterRound);
    const records = runs.map((run) => this.recordRun(run));
    return () => {
      const steps = ((to() - ints[id]) >>> 0) / loop.step;
      if (!Number.isInteger(steps) || steps === 0) throw new RangeError("recorder: a loop that does not end");
      for (const record of records) record(steps);
      ints[id] = to();
      for (let round = copies; round <= steps; round += copies) runAll(afterRound);
    };
  }

  /** A function of the number of steps. */
  private recordRun({ variable, offset, count, distance }: Run): (steps: number) => void {
    const { log } = this;
    const first: IntFunction = this.integers.word({ address: variable, offset }, count);
    const words = distance / 4;
    if (words === count) return (steps) => log.readRun(first(), steps * count);
    return (steps) => {
      for (let step = 0, word = first(); step < steps; step++, word += words) log.read(word, count);
    };
  }
}

/** Successive words that each iteration of a loop reads, `distance` bytes further on than the one before. */
interface Run {
  readonly variable: IntVariable;
  readonly offset: number;
  readonly count: number;
  readonly distance: number;
}

/** The reads of a loop that otherwise only advances addresses by constant steps; undefined for any other loop. */
function runsOf({ counter, step, bodies, afterRound }: StatementOf<"unrolledLoop">): Run[] | undefined {
  const copies = bodies.length;
  const moved = new Map([[counter.id, step]]);
  for (const statement of afterRound) {
    const distance = increment(statement);
    if (statement.kind !== "setInt" || distance === undefined || distance % copies !== 0) return undefined;
    moved.set(statement.variable.id, distance / copies);
  }
  const [first, ...others] = bodies.map((body) => simpleAccesses(body));
  if (!first || others.some((other) => other?.length !== first.length)) return undefined;
  const runs: Run[] = [];
  for (const [i, { address, offset, count }] of first.entries()) {
    if (address.kind !== "intVariable") return undefined;
    const distance = moved.get(address.id) ?? 0;
    // The counter moves after each copy, other addresses only after all of them.
    const written = address.id === counter.id ? 0 : distance;
    const isEven = others.every((other, copy) => {
      const access = other?.[i];
      return (
        access?.address.kind === "intVariable" &&
        access.address.id === address.id &&
        access.count === count &&
        access.offset === offset + (copy + 1) * written
      );
    });
    if (!isEven || distance % 4 !== 0) return undefined;
    runs.push({ variable: address, offset, count, distance });
  }
  return joined(runs);
}

/** Runs side by side, as one. */
function joined(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    const isNext =
      last?.variable.id === run.variable.id &&
      last.distance === run.distance &&
      last.offset + 4 * last.count === run.offset;
    if (last && isNext) result[result.length - 1] = { ...last, count: last.count + run.count };
    else result.push(run);
  }
  return result;
}

/** By how much a statement increments its variable. */
function increment(statement: Statement): number | undefined {
  if (statement.kind !== "setInt" || statement.value.kind !== "intBinary") return undefined;
  const { operator, a, b } = statement.value;
  const isIncrement =
    operator === "add" &&
    a.kind === "intVariable" &&
    a.id === statement.variable.id &&
    b.kind === "int" &&
    b.value >= 0;
  return isIncrement ? b.value : undefined;
}

/** The reads of statements that only compute vectors; undefined if any does something else. */
function simpleAccesses(statements: readonly Statement[]): Access[] | undefined {
  const isSimple = statements.every(
    (statement) => statement.kind === "setVector" && integersOf(statement.value).length === 0,
  );
  if (!isSimple) return undefined;
  return statements.flatMap((statement) =>
    statement.kind === "setVector" ? accessesOf(statement.value) : [],
  );
}

function accessesOf(value: VectorExpression): Access[] {
  switch (value.kind) {
    case "load":
      return [value];
    case "broadcast":
      return [{ ...value, count: 1 }];
    case "broadcastDouble":
      return [{ ...value, count: 2 }];
    case "gather":
      return Array.from({ length: value.count }, (_, lane) => ({
        address: value.address,
        offset: value.offset + lane * value.stride,
        count: 1,
      }));
    default:
      return partsOf(value).flatMap(accessesOf);
  }
}

/** The integers that go to lanes. */
function integersOf(value: VectorExpression): IntExpression[] {
  return value.kind === "splatInt" ? [value.value] : partsOf(value).flatMap(integersOf);
}

function partsOf(value: VectorExpression): readonly VectorExpression[] {
  switch (value.kind) {
    case "vectorVariable":
    case "constant":
    case "doubleConstant":
    case "intConstant":
    case "splatInt":
    case "laneIndex":
    case "firstLanes":
    case "load":
    case "broadcast":
    case "broadcastDouble":
    case "gather":
      return [];
    case "unary":
    case "shift":
    case "horizontal":
      return [value.a];
    case "binary":
    case "shuffle":
      return [value.a, value.b];
    case "multiplyAdd":
    case "multiplyAddPairs":
      return [value.a, value.b, value.c];
    case "select":
      return [value.mask, value.a, value.b];
  }
}
