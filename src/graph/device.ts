/** @file Devices run planned programs: they have memory, kernels, and something that calls these. */
import type { MachineTraits } from "../machine/ir.ts";
import type { CallDescription } from "../runtime/recording.ts";
import type { TargetName } from "../runtime/target.ts";
import type { Buffer } from "./buffer.ts";
import type { ProgramPlan } from "./program-plan.ts";
import type { TaskLibrary } from "./task-library.ts";

/** The costs of a program, known before it runs. */
export interface ProgramReport {
  /** The target that its kernels were emitted for. */
  readonly target: TargetName;
  /** Kernel calls, in order. */
  readonly calls: readonly (CallDescription & { readonly key: string })[];
  /** How many of the first calls run once, and again only after a slab has changed that they read. */
  readonly preparedCalls: number;
  readonly kernels: number;
  /** Bytes of scratch memory: the peak of the buffers alive at once, and the threads' own. */
  readonly scratchBytes: number;
  /** Bytes that the same buffers would take without reuse. */
  readonly unplannedBytes: number;
  /** Bytes of inputs, outputs, constants and prepared results. */
  readonly ownBytes: number;
  readonly codeBytes: number;
}

export interface Device {
  /** The traits that kernels are requested for. */
  readonly machine: MachineTraits;
  /** Says what its kernels can do. */
  readonly library: TaskLibrary;
  /** Makes the kernels of a plan, and gives its buffers memory, with its constants in them. */
  load(plan: ProgramPlan): DeviceProgram;
}

/** A program that a device has loaded. */
export interface DeviceProgram {
  write(buffer: Buffer, words: Float32Array | Int32Array): void;
  /** A copy of a buffer's words after all runs so far; a promise if the device runs on by itself. */
  read(buffer: Buffer): Float32Array | Promise<Float32Array>;
  /** Runs the plan's calls, and before them its preparation unless that has run since the slabs that it reads changed last. */
  run(): void;
}
