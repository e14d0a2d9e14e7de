/** @file The ways in which a family of targets does tasks: what it can do, what it fuses, and how it asks for kernels. */
import type { Lowering } from "./lowering.ts";
import type { Task, TaskKind } from "./tasks.ts";

/** The parts of the graph that the kernels of a task compute besides it. */
export interface TaskFusion {
  /**
   * Whether an elementwise consumer can be computed as results are stored; "aligned": only one with operands laid out like the
   * results, and numbers. Default false.
   */
  readonly fusesEpilogue?: boolean | "aligned";
  /**
   * Whether an elementwise first input can be computed as it is read, from tensors of its shape and vectors over its last axis.
   * Default false.
   */
  readonly fusesPrologue?: boolean;
  /** Members of a family with the same inputs are lowered together, by the first. Default: none. */
  readonly family?: TaskFamily;
}

export interface TaskFamily {
  readonly key: string;
  readonly member: string;
}

/** How one kind of task is done. */
export interface TaskLowering<Kind extends TaskKind> {
  /** Whether it can be done at all. Only tasks that have an alternative are asked about. Default: always. */
  supports?(task: Task<Kind>): boolean;
  /** Default: nothing is fused. */
  fusion?(task: Task<Kind>): TaskFusion;
  /** Asks for the kernels. */
  lower(task: Task<Kind>, lowering: Lowering): void;
}

/** The lowerings of a family of targets, all kinds: {@link machineLowering} adds the vector machine's. */
export type TaskLowerings = { readonly [Kind in TaskKind]: TaskLowering<Kind> };

/** The questions that passes ask a family of targets. */
export interface TaskLibrary {
  supports(task: Task): boolean;
  fusionOf(task: Task): TaskFusion;
  lower(task: Task, lowering: Lowering): void;
}

const lowerings: { -readonly [Kind in TaskKind]?: TaskLowerings[Kind] } = {};

/** Adds the vector machine's lowering of a kind, so that a page loads those alone whose operations it has. @returns the kind, for tasks */
export function machineLowering<Kind extends TaskKind>(kind: Kind, lowering: TaskLowerings[Kind]): Kind {
  lowerings[kind] = lowering;
  return kind;
}

/** @throws RangeError for a kind whose file was not loaded */
function loweringOf<Kind extends TaskKind>(kind: Kind): TaskLowering<Kind> {
  const lowering: TaskLowering<Kind> | undefined = lowerings[kind];
  if (!lowering) throw new RangeError(`no lowering of tasks of kind ${kind} is loaded`);
  return lowering;
}

/** The library of all targets that the vector machine emits code for. */
export const machineLibrary: TaskLibrary = {
  supports<Kind extends TaskKind>(task: Task<Kind>) {
    return loweringOf<Kind>(task.kind).supports?.(task) ?? true;
  },
  fusionOf<Kind extends TaskKind>(task: Task<Kind>) {
    return loweringOf<Kind>(task.kind).fusion?.(task) ?? {};
  },
  lower<Kind extends TaskKind>(task: Task<Kind>, lowering: Lowering) {
    loweringOf<Kind>(task.kind).lower(task, lowering);
  },
};
