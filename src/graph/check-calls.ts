/** @file Checks a program's calls before it runs: every word that is read was written for it, and nothing else lies there. */
import type { Buffer } from "./buffer.ts";
import type { LoweredGraph } from "./graph.ts";
import type { KernelCall } from "./kernel-call.ts";
import type { MemoryPlan } from "./memory-plan.ts";

/** @throws RangeError that names the first call that breaks a rule */
export function checkCalls({ calls, inputs, outputs }: Omit<LoweredGraph, "preparation">): void {
  const given = new Set(inputs);
  const written = new Map<Buffer, number>();
  const pointers = new Map<string, string>();
  calls.forEach((call, time) => {
    const problem =
      callProblem(call, given) ??
      pointersProblem(call, pointers) ??
      call.reads.map((read) => readProblem(read, call, given, written)).find((one) => one !== undefined);
    if (problem !== undefined) throw new RangeError(`call ${time}, ${call.label}: ${problem}`);
    for (const buffer of call.writes) written.set(buffer, time);
  });
  outputs.forEach((output, i) => {
    if (output.home.kind !== "own" || !written.has(output))
      throw new RangeError(`output ${i}: nothing writes it`);
  });
}

function callProblem({ reads, writes, inPlace }: KernelCall, given: ReadonlySet<Buffer>): string | undefined {
  if (writes.length === 0) return "writes nothing";
  if (new Set(writes).size !== writes.length) return "writes a buffer twice";
  if (writes.some((buffer) => given.has(buffer))) return "writes an input";
  if (writes.some(({ home }) => home.kind === "own" && home.initial)) return "writes a constant";
  if (!inPlace.every((buffer) => reads.includes(buffer)))
    return "gives away the place of what it does not read";
  if ([...reads, ...writes].some(isBeyondSlab)) return "a buffer lies beyond its slab";
  return undefined;
}

function isBeyondSlab({ words, home }: Buffer): boolean {
  return home.kind === "slab" && (home.offset < 0 || home.offset + words > home.slab.length);
}

/** Calls with equal keys share one kernel, which takes a number of pointers. */
function pointersProblem({ key, reads, writes }: KernelCall, known: Map<string, string>): string | undefined {
  const own = `${reads.length} reads, ${writes.length} writes`;
  const other = known.get(key);
  known.set(key, other ?? own);
  return other === undefined || other === own
    ? undefined
    : `has ${own}, but another call of its kernel ${other}`;
}

/** @param written the last write of each buffer so far */
function readProblem(
  read: Buffer,
  call: KernelCall,
  given: ReadonlySet<Buffer>,
  written: ReadonlyMap<Buffer, number>,
): string | undefined {
  const { home } = read;
  const time = written.get(read);
  if (home.kind === "slab") return slabProblem(read, call, written);
  if (time !== undefined || given.has(read) || (home.kind === "own" && home.initial)) return undefined;
  return `reads input ${call.reads.indexOf(read)} of ${read.words} words before it is written`;
}

/** A part of a slab must hold what it held when it was last written as this buffer, or when the program began. */
function slabProblem(
  read: Buffer,
  call: KernelCall,
  written: ReadonlyMap<Buffer, number>,
): string | undefined {
  const since = written.get(read) ?? -1;
  for (const [other, time] of written) {
    if (other !== read && time >= since && overlaps(other, read))
      return "reads a part of a slab that was written over";
  }
  const over = call.writes.find((other) => other !== read && overlaps(other, read));
  if (!over) return undefined;
  return startOf(over) === startOf(read) && over.words === read.words && call.inPlace.includes(read)
    ? undefined
    : "writes over a part of a slab that it reads";
}

function startOf({ home }: Buffer): number {
  return home.kind === "slab" ? home.offset : 0;
}

function overlaps(one: Buffer, other: Buffer): boolean {
  if (one.home.kind !== "slab" || other.home.kind !== "slab" || one.home.slab !== other.home.slab)
    return false;
  return one.home.offset < other.home.offset + other.words && other.home.offset < one.home.offset + one.words;
}

/** @throws RangeError where two buffers that are in use at one time lie on the same bytes */
export function checkPlan(calls: readonly KernelCall[], { offsets, bytes }: MemoryPlan): void {
  const uses = new Map<
    Buffer,
    { readonly from: number; readonly to: number; readonly first: number; last: number }
  >();
  calls.forEach((call, time) => {
    for (const buffer of [...call.reads, ...call.writes]) {
      if (buffer.home.kind !== "scratch") continue;
      const known = uses.get(buffer);
      const from = offsets.get(buffer) ?? Infinity;
      if (known) known.last = time;
      else uses.set(buffer, { from, to: from + 4 * buffer.words, first: time, last: time });
      if (!(from >= 0 && from + 4 * buffer.words <= bytes))
        throw new RangeError(`${call.label}: a buffer has no place`);
    }
  });
  const open = [...uses].sort(([, a], [, b]) => a.from - b.from);
  open.forEach(([one, a], i) => {
    for (const [other, b] of open.slice(i + 1)) {
      if (b.from >= a.to) break;
      const [early, late] = a.first <= b.first ? [a, b] : [b, a];
      if (early.last < late.first) continue;
      const operand = early === a ? one : other;
      const takesOver = early.last === late.first && early.from === late.from && early.first !== late.first;
      if (takesOver && calls[late.first].inPlace.includes(operand)) continue;
      throw new RangeError(`${calls[late.first].label}: a buffer lies on one that is in use`);
    }
  });
}
