/**
 * @file What every thread does, the first one as well as the workers: run its share of each step of a program. JavaScript
 * and without imports from elsewhere, since a worker loads it by its URL, both from the sources under test and from
 * the built package.
 */

/**
 * @typedef {object} WasmCode
 * @property {"wasm"} kind
 * @property {Uint8Array} module exports the kernels as k0, k1, …
 */

/**
 * Machine code in this process' memory, by its addresses.
 * @typedef {object} NativeCode
 * @property {"native"} kind
 * @property {number} call the function that calls a kernel: (kernel, memory, parameters)
 * @property {readonly number[]} kernels
 */

/** @typedef {WasmCode | NativeCode} ProgramCode */

/** @typedef {import("./event-log.js").EventLog} EventLog */

/**
 * Makes a kernel ready to be called with (start, end): its first two parameters; the others are given here.
 * @callback Runner
 * @param {number} kernel index among the program's kernels
 * @param {readonly number[]} parameters all of them; the first two are replaced in each call
 * @returns {(start: number, end: number) => void}
 */

/** @typedef {(code: ProgramCode, memory: WebAssembly.Memory) => Runner} RunnerOf */

/**
 * One step of a program: a kernel over its pointers.
 * @typedef {object} Step
 * @property {number} kernel index among the program's kernels
 * @property {number} units
 * @property {number} leastUnits fewer are not worth being taken by themselves
 * @property {readonly number[]} pointers byte addresses
 */

/**
 * @typedef {object} ProgramImage
 * @property {ProgramCode} code
 * @property {readonly Step[]} steps
 * @property {number} scratchAddress of the first thread's private scratch memory
 * @property {number} scratchBytes of each thread
 * @property {Int32Array} counters for each step the units that were taken, then for each step the units that were done, over
 *   all runs; they wrap
 */

/** Indices into the threads' shared control words. */
export const CONTROL = {
  /** Counts commands twice: odd while one is being written, even when it may be read. Workers sleep on it. */
  command: 0,
  /** The program to run, and how often it has run before. */
  program: 1,
  run: 2,
  sleepers: 3,
  /** Set by a thread whose kernel threw; the first thread reports it. */
  failed: 4,
  /** 1 in a command whose run is to be recorded for a profile. */
  recorded: 5,
  /** Threads that write to their event log. */
  recording: 6,
  words: 16,
};

/** How often a waiting thread looks before it sleeps: some tens of microseconds. */
const SPINS = 4000;

/** How long a thread sleeps before it looks whether another one has failed. */
const SLEEP_MILLISECONDS = 1000;

/**
 * Waits until `ready` accepts the word.
 * @param {Int32Array} control
 * @param {Int32Array} words
 * @param {number} index
 * @param {(value: number) => boolean} ready
 */
export function waitUntil(control, words, index, ready) {
  for (let spin = 0; spin < SPINS; spin++) {
    if (ready(Atomics.load(words, index))) return;
  }
  Atomics.add(control, CONTROL.sleepers, 1);
  try {
    for (let value = Atomics.load(words, index); !ready(value); value = Atomics.load(words, index)) {
      if (Atomics.load(control, CONTROL.failed) !== 0) throw new Error("a kernel failed on another thread");
      Atomics.wait(words, index, value, SLEEP_MILLISECONDS);
    }
  } finally {
    Atomics.sub(control, CONTROL.sleepers, 1);
  }
}

/**
 * Wakes what waits on a word, if anything sleeps.
 * @param {Int32Array} control
 * @param {Int32Array} words
 * @param {number} index
 */
export function wake(control, words, index) {
  if (Atomics.load(control, CONTROL.sleepers) > 0) Atomics.notify(words, index);
}

/** @type {(code: WasmCode, memory: WebAssembly.Memory) => Runner} */
export function wasmRunner(code, memory) {
  const module = new WebAssembly.Module(/** @type {Uint8Array<ArrayBuffer>} */ (code.module));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return (kernel, parameters) => {
    const run = /** @type {(...args: number[]) => void} */ (exports[`k${kernel}`]);
    const args = [...parameters];
    return (start, end) => {
      args[0] = start;
      args[1] = end;
      run(...args);
    };
  };
}

/**
 * A thread takes what is left of a step's units, divided by the threads and by this: much at first, little at the end, so
 * that all finish at about the same time, and a thread that is held up by other work leaves some to the others.
 */
const LEFT_SHARES = 4;
/** Of the smallest part that a thread takes, in each thread's share of a step. */
const SMALLEST_PARTS = 64;

/**
 * A program made ready for one thread.
 *
 * Threads do not wait for each other but for the work: a step may begin when all units of the one before are done,
 * whoever did them. So a thread that gets no processor for a while holds nobody up unless it is in the middle of
 * some units, and finds the steps it missed already done when it comes back. The counters only ever grow, so that a
 * latecomer from an earlier run cannot mistake a later run's units for its own.
 */
export class ThreadProgram {
  /**
   * @param {ProgramImage} image
   * @param {WebAssembly.Memory} memory
   * @param {number} thread from 0
   * @param {number} threads
   * @param {RunnerOf} runnerOf
   */
  constructor(image, memory, thread, threads, runnerOf) {
    const runner = runnerOf(image.code, memory);
    const scratch = image.scratchAddress + thread * image.scratchBytes;
    this.counters = image.counters;
    this.leftShares = threads * LEFT_SHARES;
    this.steps = image.steps.map(({ kernel, units, leastUnits, pointers }) => ({
      run: runner(kernel, [0, units, scratch, ...pointers]),
      units,
      least: Math.max(leastUnits, Math.ceil(units / (threads * SMALLEST_PARTS))),
    }));
  }

  /** Does everything, for a program that has one thread. */
  runAlone() {
    for (const { run, units } of this.steps) run(0, units);
  }

  /**
   * As {@link runAlone}, with an event for each step.
   * @param {EventLog} log
   */
  recordAlone(log) {
    this.steps.forEach(({ run, units }, i) => {
      const begin = log.now();
      run(0, units);
      log.add(i, units, begin);
    });
  }

  /**
   * Does this thread's share of every step; returns when all steps are done. Which thread does which units is a
   * matter of chance; what a unit computes is not.
   * @param {Int32Array} control
   * @param {number} count of the program's runs before this one
   */
  runShared(control, count) {
    for (let i = 0; i < this.steps.length; i++) {
      const end = this.endOf(i, count);
      this.takeUnits(control, i, end);
      this.waitForStep(control, i, end);
    }
  }

  /**
   * As {@link runShared}, with an event for each step of which this thread did units.
   * @param {Int32Array} control
   * @param {number} count
   * @param {EventLog} log
   */
  recordShared(control, count, log) {
    Atomics.add(control, CONTROL.recording, 1);
    try {
      for (let i = 0; i < this.steps.length; i++) {
        const end = this.endOf(i, count);
        const begin = log.now();
        const units = this.takeUnits(control, i, end);
        if (units > 0) log.add(i, units, begin);
        this.waitForStep(control, i, end);
      }
    } finally {
      Atomics.sub(control, CONTROL.recording, 1);
      wake(control, control, CONTROL.recording);
    }
  }

  /**
   * What a step's counters are when its run number `count` is over.
   * @param {number} i the step
   * @param {number} count
   */
  endOf(i, count) {
    return Math.imul(count + 1, this.steps[i].units);
  }

  /**
   * @param {Int32Array} control
   * @param {number} i the step
   * @param {number} end
   */
  waitForStep(control, i, end) {
    waitUntil(control, this.counters, this.steps.length + i, (value) => ((value - end) | 0) >= 0);
  }

  /**
   * @param {Int32Array} control
   * @param {number} i the step
   * @param {number} end what the step's counters are when this run of it is over
   * @returns {number} how many units this thread has done
   */
  takeUnits(control, i, end) {
    const { counters, leftShares } = this;
    const { run, units, least } = this.steps[i];
    const done = this.steps.length + i;
    let sum = 0;
    for (;;) {
      const taken = Atomics.load(counters, i);
      const left = (end - taken) | 0;
      if (left <= 0) return sum;
      const count = Math.min(left, Math.max(least, Math.ceil(left / leftShares)));
      if (Atomics.compareExchange(counters, i, taken, (taken + count) | 0) !== taken) continue;
      run(units - left, units - left + count);
      sum += count;
      const finished = (Atomics.add(counters, done, count) + count) | 0;
      if (finished === end) wake(control, counters, done);
    }
  }
}
