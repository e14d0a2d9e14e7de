/**
 * @file Node.js only: which machine code runs here. A child process asks the processor and runs a small kernel of each
 * kind, so that whatever goes wrong (no permission, an emulator, a fault of ours) ends that process and not this one.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { KernelBuilder } from "../../machine/builder.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import type { CallingConvention } from "../../machine/x86-64/calling-convention.ts";
import { emitKernel } from "../../machine/x86-64/emit.ts";
import { emitCpuFeatures, emitKernelCall } from "../../machine/x86-64/routines.ts";
import { AVX2_TRAITS, AVX512_TRAITS } from "../../machine/x86-64/traits.ts";
import type { NativeFeature, NativeTarget } from "../platform.ts";
import type { Candidate, ProbePlan } from "./probe-child.js";

const TIMEOUT_MILLISECONDS = 20_000;

/** FMA, OSXSAVE, AVX; AVX2; the system saves xmm and ymm registers (see {@link emitCpuFeatures}). */
const AVX2_FEATURES = [(1 << 12) | (1 << 27) | (1 << 28), 1 << 5, 0x06];
/** Besides: AVX512F and AVX512DQ; the system saves mask and zmm registers. */
const AVX512_FEATURES = [AVX2_FEATURES[0], AVX2_FEATURES[1] | (1 << 16) | (1 << 17), 0xe6];

/** Besides: AVX512_BF16. */
const BFLOAT16_FEATURES = [...AVX512_FEATURES, 1 << 5];

/** Returns the features whose code a child process ran; none if it could not even start. */
export function probeFeatures(convention: CallingConvention): readonly NativeFeature[] {
  const works = runCandidates(
    [
      candidate("avx2", AVX2_FEATURES, AVX2_TRAITS, convention),
      candidate("avx512", AVX512_FEATURES, AVX512_TRAITS, convention),
      bfloat16Candidate(convention),
    ],
    convention,
  );
  return (["avx2", "avx512", "bfloat16"] as const).filter((name) => works.includes(name));
}

/** The names of those that a child process ran with the expected result before it ended, in whatever way. */
export function runCandidates(
  candidates: readonly Candidate[],
  convention: CallingConvention,
): readonly string[] {
  const plan: ProbePlan = {
    features: base64(emitCpuFeatures(convention)),
    call: base64(emitKernelCall(convention)),
    candidates,
  };
  const script = fileURLToPath(new URL("./probe-child.js", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [script], {
    input: JSON.stringify(plan),
    encoding: "utf8",
    timeout: TIMEOUT_MILLISECONDS,
    env: { ...process.env, NODE_OPTIONS: "" },
    windowsHide: true,
  });
  return (stdout ?? "").split("\n").filter((line) => line !== "");
}

/** A kernel that doubles floats, adds 1, replaces negative values by 0 and stores all lanes but one, in a loop. */
export function candidate(
  name: NativeTarget,
  features: readonly number[],
  traits: MachineTraits,
  convention: CallingConvention,
): Candidate {
  const { lanes } = traits;
  const bytes = 4 * lanes;
  const k = new KernelBuilder(traits, 2);
  const [from, to] = k.parameters;
  k.loop(0, 3 * bytes, bytes, (offset) => {
    const value = k.multiplyAdd(k.load(k.add(from, offset)), k.constant(2), k.constant(1));
    k.store(k.add(to, offset), 0, k.binary("max", value, k.constant(0)), lanes - 1);
  });
  const numbers = Float32Array.from({ length: 3 * lanes }, (_, i) => i - lanes);
  const results = numbers.map((value, i) => (i % lanes === lanes - 1 ? 7 : Math.max(2 * value + 1, 0)));
  const untouched = new Float32Array(3 * lanes).fill(7);
  return {
    name,
    features,
    code: base64(emitKernel(k.finish(), convention)),
    memory: [...wordsOf(numbers), ...wordsOf(untouched)],
    parameters: [0, 3 * bytes],
    expected: [...wordsOf(numbers), ...wordsOf(results)],
  };
}

/** A kernel that adds up products of pairs of numbers that bfloat16 holds exactly. */
function bfloat16Candidate(convention: CallingConvention): Candidate {
  const { lanes } = AVX512_TRAITS;
  const bytes = 4 * lanes;
  const k = new KernelBuilder(AVX512_TRAITS, 1);
  const [from] = k.parameters;
  const pairs = k.let(k.binary("packPairs", k.load(from), k.load(from, bytes)));
  k.store(from, 2 * bytes, k.multiplyAddPairs(pairs, pairs, k.constant(1)));
  const numbers = Float32Array.from({ length: 3 * lanes }, (_, i) => i);
  const results = numbers.map((value, i) =>
    i < 2 * lanes ? value : (2 * (i - 2 * lanes)) ** 2 + (2 * (i - 2 * lanes) + 1) ** 2 + 1,
  );
  return {
    name: "bfloat16",
    features: BFLOAT16_FEATURES,
    code: base64(emitKernel(k.finish(), convention)),
    memory: wordsOf(numbers),
    parameters: [0],
    expected: wordsOf(results),
  };
}

function wordsOf(floats: Float32Array): number[] {
  return [...new Int32Array(floats.buffer)];
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
