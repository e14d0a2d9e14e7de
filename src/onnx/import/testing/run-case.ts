/** @file Runs one of ONNX's test cases of single nodes. */
import { compileGraph } from "../../../graph/compile.ts";
import { inputTensor } from "../../../graph/sources.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { AuricleError } from "../../../errors.ts";
import {
  inType,
  integerRange,
  isFloat,
  knownValue,
  tensorOf,
  tracedValue,
  type ElementType,
  ELEMENT_TYPES,
  type Value,
} from "../../../nn/operations/value.ts";
import { Arena } from "../../../runtime/arena.ts";
import type { Shape } from "../../../tensor/shape.ts";
import { decodeModel } from "../decode.ts";
import { readGraph } from "../read.ts";
import { refuseProblems, traceGraph } from "../trace.ts";

interface EncodedArray {
  readonly type: string;
  readonly shape?: Shape;
  readonly data?: string;
}

type Arrays = Readonly<Record<string, EncodedArray>>;

export interface NodeCase {
  readonly name: string;
  readonly rtol: number;
  readonly atol: number;
  readonly model: string;
  readonly sets: readonly { readonly inputs: Arrays; readonly outputs: Arrays }[];
}

/** "passed", or the reason for which the case was refused. @throws Error where a result is wrong. */
export function runNodeCase(one: NodeCase): string {
  let reason = "no data";
  for (const set of one.sets) {
    const names = Object.keys(set.inputs);
    const floats = names.filter((name) => isFloatType(set.inputs[name].type));
    // First all inputs depend on the network's; then those that models give as constants are known.
    const attempts = [names, floats, names.slice(0, 1), floats.slice(0, 1), []].filter(
      (list, i, all) => all.findIndex((other) => other.join() === list.join()) === i,
    );
    let passed = false;
    for (const traced of attempts) {
      const result = attempt(one, set, traced);
      if (result === undefined) passed = true;
      else if (!passed) reason = result;
      if (passed) break;
    }
    if (!passed) return reason;
  }
  return one.sets.length > 0 ? "passed" : reason;
}

function isFloatType(type: string): boolean {
  return isElementType(type) && isFloat(type);
}

function isElementType(type: string): type is ElementType {
  return ELEMENT_TYPES.some((one) => one === type);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}

/** The numbers of an array. @throws AuricleError "unsupported" for other elements. */
function decoded(array: EncodedArray, what: string): Value {
  if (!isElementType(array.type) || array.data === undefined || array.shape === undefined) {
    throw new AuricleError("unsupported", `${what} is of type ${array.type}`);
  }
  const { buffer } = bytesOf(array.data);
  const readers: Partial<Record<ElementType, () => ArrayLike<number>>> = {
    float32: () => new Float32Array(buffer),
    float64: () => new Float64Array(buffer),
    float16: () => halves(new Uint16Array(buffer)),
    bfloat16: () => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
    int8: () => new Int8Array(buffer),
    int16: () => new Int16Array(buffer),
    int32: () => new Int32Array(buffer),
    int64: () => Float64Array.from(new BigInt64Array(buffer), Number),
    uint8: () => new Uint8Array(buffer),
    uint16: () => new Uint16Array(buffer),
    uint32: () => new Uint32Array(buffer),
    uint64: () => Float64Array.from(new BigUint64Array(buffer), Number),
    bool: () => new Uint8Array(buffer),
  };
  const numbers = readers[array.type]?.();
  if (!numbers) throw new AuricleError("unsupported", `${what} is of type ${array.type}`);
  return knownValue(numbers, array.shape, array.type);
}

function halves(bits: Uint16Array): Float64Array {
  return Float64Array.from(bits, (one) => {
    const sign = one & 0x8000 ? -1 : 1;
    const exponent = (one >> 10) & 31;
    const fraction = one & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  });
}

/** undefined where all outputs are right, else the reason of a refusal. */
function attempt(
  { name, model, rtol, atol }: NodeCase,
  { inputs, outputs }: NodeCase["sets"][number],
  traced: readonly string[],
): string | undefined {
  try {
    const graph = readGraph(decodeModel(bytesOf(model), name), name, new Map());
    const given = Object.entries(inputs).map(
      ([key, array]) => [key, decoded(array, `input ${key}`)] as const,
    );
    const symbols = new Map<Tensor, Value>();
    const values = new Map(
      given.map(([key, value]) => {
        if (!traced.includes(key)) return [key, value] as const;
        const whole = integerRange(value.type) !== undefined;
        if (whole) tensorOf(value);
        const tensor = inputTensor(value.shape, whole ? "int32" : "float32");
        symbols.set(tensor, value);
        return [key, tracedValue(tensor, value.type)] as const;
      }),
    );
    const trace = traceGraph(graph, values);
    refuseProblems(trace.problems, name);
    const results = graph.outputs.map((output) => {
      const value = trace.values.get(output);
      if (!value) throw new AuricleError("unsupported", `output ${output} is missing`);
      return value;
    });
    const numbers = run(results, symbols);
    results.forEach((value, i) => {
      const expected = decoded(outputs[graph.outputs[i]], `output ${graph.outputs[i]}`);
      compare(name, value, numbers[i], expected, { rtol, atol }, traced);
    });
    return undefined;
  } catch (error) {
    if (error instanceof AuricleError) return error.message;
    throw error;
  }
}

function run(results: readonly Value[], symbols: ReadonlyMap<Tensor, Value>): ArrayLike<number>[] {
  const inputs = [...symbols.keys()];
  const wanted = results.flatMap(({ tensor, known }) => (tensor && !known ? [tensor] : []));
  const arena = new Arena();
  const compiled = compileGraph({ inputs, outputs: wanted, assignments: [] }, { arena, threads: 1 });
  [...symbols.values()].forEach(({ shape, known = new Float64Array() }, i) => {
    const data = inputs[i].dtype === "int32" ? Int32Array.from(known) : Float32Array.from(known);
    compiled.setInput(i, { shape, data });
  });
  if (wanted.length > 0) compiled.run();
  let next = 0;
  return results.map(({ known }) => known ?? Float64Array.from(compiled.output(next++).data));
}

interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** The rounding of numbers of 16 bits is not made: theirs is that of 11 bits, or of 8. */
const SHORT: Partial<Record<ElementType, Tolerance>> = {
  float16: { rtol: 2e-3, atol: 1e-3 },
  bfloat16: { rtol: 1.6e-2, atol: 8e-3 },
};

/** A fast Fourier transform in float32, by which the expected numbers are made, is off by so much of the largest: 0 is not 0 there. */
const FOURIER = 2 ** -22;

function compare(
  name: string,
  value: Value,
  actual: ArrayLike<number>,
  expected: Value,
  own: Tolerance,
  traced: readonly string[],
): void {
  const where = `${name} (${traced.length === 0 ? "all known" : `traced ${traced.join()}`})`;
  if (value.shape.join() !== expected.shape.join()) {
    throw new Error(`${where}: shape [${value.shape.join()}], expected [${expected.shape.join()}]`);
  }
  if (value.type !== expected.type)
    throw new Error(`${where}: type ${value.type}, expected ${expected.type}`);
  const { rtol, atol } = SHORT[expected.type] ?? own;
  const numbers = expected.known ?? new Float64Array();
  const toType = inType(expected.type);
  const least = /^test_dft/.test(name)
    ? FOURIER * numbers.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
    : 0;
  numbers.forEach((wanted, i) => {
    const got = toType(actual[i]);
    if (Object.is(got, wanted) || got === wanted) return;
    if (Math.abs(got - wanted) <= Math.max(least, atol + rtol * Math.abs(wanted))) return;
    throw new Error(`${where}: element ${i} is ${got}, expected ${wanted}`);
  });
}
