/**
 * @file Runs functions of tensors by interpreting their kernels, each buffer in a place of its own: for machines that no
 * target here has. What kernels may not do shows: write elsewhere, or depend on how units are shared out.
 */
import { expect } from "vitest";
import type { Kernel } from "../../kernels/kernel.ts";
import { interpretKernel } from "../../kernels/testing/interpret-kernel.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import type { Precision } from "../../runtime/precision.ts";
import type { NumericArray } from "../../tensor/array.ts";
import type { Buffer } from "../buffer.ts";
import { lowerGraph } from "../lower.ts";
import { kernelOf, type KernelCall } from "../kernel-call.ts";
import { inputTensor } from "../sources.ts";
import type { Tensor } from "../tensor.ts";

/** Bits of a NaN: reading it spoils a result, writing over it shows. */
const SENTINEL = 0x7fc0dead;
/** Before, between and behind buffers: more than a vector has. */
const GUARD_WORDS = 32;

export interface InterpretOptions {
  /** false gives each operation a kernel of its own. Default: true. */
  readonly fusion?: boolean;
  /** The precision that factors of large sums may be rounded to. Default: "float32". */
  readonly precision?: Precision;
  /** Called with each kernel before it runs. */
  readonly inspect?: (kernel: Kernel) => void;
}

/** Returns the results of `fn`, which assigns nothing, for float32 arrays on a machine with these traits. */
export function interpretFunction(
  fn: (...inputs: Tensor[]) => readonly Tensor[],
  arrays: readonly NumericArray[],
  machine: MachineTraits,
  { fusion = true, precision, inspect }: InterpretOptions = {},
): NumericArray[] {
  const inputs = arrays.map(({ shape }) => inputTensor(shape, "float32"));
  const outputs = fn(...inputs);
  const lowered = lowerGraph({ inputs, outputs, assignments: [] }, machine, { fusion, precision });
  const kernels = new Map<string, Kernel>();
  for (const call of lowered.calls) {
    if (kernels.has(call.key)) continue;
    const kernel = kernelOf(call, machine);
    inspect?.(kernel);
    kernels.set(call.key, kernel);
  }
  const memory = new BufferMemory(
    [
      ...lowered.inputs,
      ...lowered.outputs,
      ...lowered.calls.flatMap(({ reads, writes }) => [...reads, ...writes]),
    ],
    Math.max(0, ...[...kernels.values()].map(({ scratchBytes }) => scratchBytes)),
  );
  lowered.inputs.forEach((buffer, i) => memory.write(buffer, arrays[i].data));
  for (const call of lowered.calls) {
    const kernel = kernels.get(call.key);
    if (kernel) memory.run(call, kernel);
  }
  return outputs.map(({ shape, dtype }, i) => ({ shape, data: memory.read(lowered.outputs[i], dtype) }));
}

class BufferMemory {
  private readonly starts = new Map<Buffer, number>();
  private readonly words: Int32Array;
  /** First word of the scratch memory, which is the last but a guard. */
  private readonly scratch: number;

  constructor(buffers: readonly Buffer[], scratchBytes: number) {
    let end = GUARD_WORDS;
    for (const buffer of new Set(buffers)) {
      this.starts.set(buffer, end);
      end += buffer.words + GUARD_WORDS;
    }
    this.scratch = end;
    this.words = new Int32Array(end + Math.ceil(scratchBytes / 4) + GUARD_WORDS).fill(SENTINEL);
    for (const buffer of this.starts.keys()) {
      const { home } = buffer;
      if (home.kind === "slab") throw new TypeError("interpreter: no slabs");
      if (home.kind === "own" && home.initial) this.write(buffer, home.initial);
    }
  }

  private start(buffer: Buffer): number {
    return this.starts.get(buffer) ?? 0;
  }

  write(buffer: Buffer, data: Float32Array | Int32Array): void {
    this.words.set(new Int32Array(data.buffer, data.byteOffset, data.length), this.start(buffer));
  }

  read(buffer: Buffer, dtype: "float32" | "int32"): Float32Array | Int32Array {
    const words = this.words.slice(this.start(buffer), this.start(buffer) + buffer.words);
    return dtype === "int32" ? words : new Float32Array(words.buffer);
  }

  /** All units at once, then in uneven parts, the last first, which must give the same bits. */
  run({ reads, writes, label }: KernelCall, kernel: Kernel): void {
    const { words, scratch } = this;
    const { units } = kernel;
    const run = interpretKernel(kernel.code, words.buffer);
    const pointers = [...reads, ...writes].map((buffer) => 4 * this.start(buffer));
    const before = words.slice();
    run(0, units, 4 * scratch, ...pointers);
    this.expectWritten(before, writes, scratch + kernel.scratchBytes / 4, label);
    if (units < 2) return;
    const together = words.slice(0, scratch);
    words.set(before);
    const cut = Math.ceil((2 * units) / 3);
    for (const [from, to] of [
      [cut, units],
      [1, cut],
      [0, 1],
    ]) {
      words.fill(SENTINEL, scratch);
      run(from, to, 4 * scratch, ...pointers);
    }
    const differing = firstDifference(words, together);
    expect(differing, `${label}: first word that depends on how ${units} units are shared out`).toBe(-1);
  }

  private expectWritten(
    before: Int32Array,
    writes: readonly Buffer[],
    scratchEnd: number,
    label: string,
  ): void {
    const mayWrite = (word: number) =>
      (word >= this.scratch && word < scratchEnd) ||
      writes.some((buffer) => word >= this.start(buffer) && word < this.start(buffer) + buffer.words);
    const spoilt = firstDifference(this.words, before, mayWrite);
    expect(spoilt, `${label}: first word written outside scratch and the results`).toBe(-1);
  }
}

/** The first place in `expected` where the words differ that may not. */
function firstDifference(
  words: Int32Array,
  expected: Int32Array,
  mayDiffer: (place: number) => boolean = () => false,
): number {
  for (let place = 0; place < expected.length; place++) {
    if (words[place] !== expected[place] && !mayDiffer(place)) return place;
  }
  return -1;
}
