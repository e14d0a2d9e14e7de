/** @file A profile: what every thread did and when, how fast each kernel was, and the trace that viewers show. */
import { multiplyAddPeak } from "./peak.ts";
import { beginRecording, endRecording, type Phase, type PoolEvents } from "./recording.ts";
import type { KernelTarget } from "./target.ts";

/** All runs of one kernel call of a program, of all threads together. */
export interface KernelProfile {
  /** The computation and the layer: "convolution + add + relu in conv2d_1". */
  readonly label: string;
  /** The scopes that its operations belong to, such as layers: several where these are computed in one loop, the first one first. */
  readonly scopes: readonly string[];
  /** How often it ran. */
  readonly runs: number;
  /** Time of a run, summed over the threads: the mean, in milliseconds. */
  readonly milliseconds: number;
  /** Its part of the time of all kernels, 0 … 1. */
  readonly share: number;
  /** In a run. */
  readonly multiplyAdds: number;
  /** In a run: of the buffers that it reads and writes, each counted once. */
  readonly bytes: number;
  /** Speed of a thread in GFLOP/s, a multiply-add counted as two; 0 where there are none. */
  readonly gigaflops: number;
  /** `bytes` by the time of a thread, GB/s. */
  readonly gigabytes: number;
  /** `gigaflops` by what a thread reaches with nothing but registers, measured at the end; all threads at work. */
  readonly peakShare: number;
}

/** An event of the Trace Event Format, as far as it is used here. Times are in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "M";
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, string | number>>;
}

/** The Trace Event Format's object form, for Perfetto and about://tracing; `JSON.stringify` makes the file. */
export interface Trace {
  readonly displayTimeUnit: "ms";
  readonly traceEvents: readonly TraceEvent[];
}

export interface Profile {
  /** Slowest first. */
  readonly kernels: readonly KernelProfile[];
  /** Epochs, steps and so on, as training went through them; milliseconds since the process began. */
  readonly phases: readonly Phase[];
  readonly trace: Trace;
  /** Events that were not recorded, as there were too many. */
  readonly lost: number;
}

export interface ProfileRecorder {
  /** Whether kernels are recorded; false: phases only. It may be changed while the profile is recorded. */
  kernels: boolean;
  /** Ends the recording and measures the peak, which takes some tenths of a second. */
  stop(): Profile;
}

/**
 * Begins to record what all threads of this process compute, whichever model or function it is for: some ten
 * thousand kernel calls, and phases of training without a limit.
 * @throws AuricleError "argument" while another profile is being recorded.
 *
 * @example
 * const recorder = startProfile();
 * await model.fit(x, y);
 * const { kernels, trace } = recorder.stop();
 * await writeFile("profile.json", JSON.stringify(trace)); // for https://ui.perfetto.dev
 */
export function startProfile(): ProfileRecorder {
  const recording = beginRecording();
  let profile: Profile | undefined;
  return {
    get kernels() {
      return recording.kernels;
    },
    set kernels(wanted) {
      recording.kernels = wanted;
    },
    stop() {
      endRecording(recording);
      profile ??= profileOf([...recording.phases], recording.poolEvents());
      return profile;
    },
  };
}

/** A kernel call of a program, and when a thread worked on it. */
interface Interval {
  readonly kernel: Kernel;
  readonly thread: number;
  readonly units: number;
  readonly begin: number;
  readonly end: number;
}

/** A kernel, by which intervals are summed up. */
interface Kernel {
  readonly label: string;
  readonly scopes: readonly string[];
  readonly multiplyAdds: number;
  readonly bytes: number;
  /** The peak of a thread, GFLOP/s. */
  readonly peak: number;
  readonly runs: Set<number>;
  time: number;
}

function profileOf(phases: readonly Phase[], pools: readonly PoolEvents[]): Profile {
  const kernels: Kernel[] = [];
  const intervals = pools.flatMap((pool) => intervalsOf(pool, kernels));
  const total = kernels.reduce((sum, { time }) => sum + time, 0);
  const profiles = kernels.map((kernel) => kernelProfile(kernel, total));
  const byKernel = new Map(kernels.map((kernel, i) => [kernel, profiles[i]]));
  const traceEvents = [
    ...threadNames(Math.max(1, ...pools.map(({ threads }) => threads))),
    ...phases.map(phaseEvent),
    ...intervals.map((interval) => kernelEvent(interval, byKernel.get(interval.kernel))),
  ];
  return {
    kernels: profiles.sort((one, other) => other.share - one.share),
    phases,
    trace: { displayTimeUnit: "ms", traceEvents },
    lost: pools.reduce((sum, { lost }) => sum + lost, 0),
  };
}

function intervalsOf({ threads, programs, events }: PoolEvents, kernels: Kernel[]): Interval[] {
  const peaks = new Map<KernelTarget, number>();
  const peakOf = (target: KernelTarget) => {
    let peak = peaks.get(target);
    if (peak === undefined) {
      peak = multiplyAddPeak(target, threads)() / threads;
      peaks.set(target, peak);
    }
    return peak;
  };
  const byProgram = new Map<number, Kernel[]>();
  for (const [number, { target, calls }] of programs) {
    const peak = peakOf(target);
    byProgram.set(
      number,
      calls.map((call) => ({ ...call, peak, runs: new Set<number>(), time: 0 })),
    );
  }
  const intervals = events.flatMap((list, thread) =>
    list.flatMap(({ program, run, step, units, begin, end }): Interval[] => {
      const kernel = byProgram.get(program)?.[step];
      if (!kernel) return [];
      kernel.runs.add(run);
      kernel.time += end - begin;
      return [{ kernel, thread, units, begin, end }];
    }),
  );
  for (const list of byProgram.values()) kernels.push(...list.filter(({ runs }) => runs.size > 0));
  return intervals;
}

function kernelProfile(
  { label, scopes, multiplyAdds, bytes, peak, runs, time }: Kernel,
  total: number,
): KernelProfile {
  const milliseconds = time / runs.size;
  const perMillisecond = (amount: number) => (milliseconds > 0 ? amount / milliseconds / 1e6 : 0);
  const gigaflops = perMillisecond(2 * multiplyAdds);
  return {
    label,
    scopes,
    runs: runs.size,
    milliseconds,
    share: total > 0 ? time / total : 0,
    multiplyAdds,
    bytes,
    gigaflops,
    gigabytes: perMillisecond(bytes),
    peakShare: gigaflops / peak,
  };
}

const PROCESS = 1;

function threadNames(threads: number): TraceEvent[] {
  const names = Array.from({ length: threads }, (_, tid): TraceEvent => {
    const name = tid === 0 ? "thread 0 (training loop)" : `thread ${tid}`;
    return { name: "thread_name", ph: "M", pid: PROCESS, tid, args: { name } };
  });
  return [{ name: "process_name", ph: "M", pid: PROCESS, tid: 0, args: { name: "auricle" } }, ...names];
}

function phaseEvent({ name, begin, end }: Phase): TraceEvent {
  return { name, cat: "phase", ph: "X", pid: PROCESS, tid: 0, ...times(begin, end) };
}

/** Multiply-adds and bytes are those of the whole call; the share of peak is the mean over its runs. */
function kernelEvent(
  { kernel, thread, units, begin, end }: Interval,
  profile: KernelProfile | undefined,
): TraceEvent {
  const { label, multiplyAdds, bytes } = kernel;
  return {
    name: label,
    cat: "kernel",
    ph: "X",
    pid: PROCESS,
    tid: thread,
    ...times(begin, end),
    args: { units, multiplyAdds, bytes, "share of peak": Number((profile?.peakShare ?? 0).toFixed(3)) },
  };
}

/** The format's unit is the microsecond; a tenth of a nanosecond is finer than any clock here. */
function times(begin: number, end: number): { ts: number; dur: number } {
  return { ts: Number((1000 * begin).toFixed(3)), dur: Number((1000 * (end - begin)).toFixed(3)) };
}
