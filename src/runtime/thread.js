/**
 * @file The work of every thread, the first one as well as the workers: its share of each step of a program. JavaScript
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

/**
 * A worker's reference to a program's memory: machine code needs only its address, so that no worker keeps memory alive
 * that nothing else refers to.
 * @typedef {WebAssembly.Memory | number} MemoryHandle
 */

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
 * @property {Int32Array} counters {@link counterWords} of them, for each step the units that were taken of each thread's share and
 *   the units that were done, over all runs; they wrap
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
  /** Messages that every worker was sent. Those of a worker's queue come before any command. */
  messages: 7,
  /** Workers that load a program. */
  loading: 8,
  /** 1 when this process or thread ends: no worker may begin to load anything. */
  ending: 9,
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

/** Words from one counter to the next: a cache line, or threads that count different things would wait for each other. */
const COUNTER_STRIDE = 16;

/**
 * Words that the counters of a program take.
 * @param {number} steps
 * @param {number} threads
 */
export function counterWords(steps, threads) {
  return steps * (threads + 1) * COUNTER_STRIDE;
}

/**
 * A thread takes what is left of a share, divided by this: much at first, little at the end, so that all finish at about the
 * same time, and a thread that is held up by other work leaves some to the others.
 */
const LEFT_PARTS = 4;
/** The number of smallest parts in each thread's share of a step; a thread takes at least one at a time. */
const SMALLEST_PARTS = 64;

/**
 * A thread's units of a step, which others may take too.
 * @typedef {object} Share
 * @property {number} counter index of the one that counts units taken
 * @property {number} first unit
 * @property {number} size in units
 */

/**
 * A step made ready for one thread.
 * @typedef {object} ThreadStep
 * @property {(start: number, end: number) => void} run
 * @property {number} units
 * @property {number} least that this thread takes at once, if there are so many
 * @property {readonly Share[]} shares in the order in which this thread takes from them
 * @property {number} done index of the counter of units done
 */

/**
 * A program made ready for one thread.
 *
 * Each thread has a share of a step's units, the same part of the work in every step, whose data are in its cache. When its
 * own are taken it goes on with what is left of the others'.
 *
 * Threads do not wait for each other but for the work: a step may begin when all units of the one before are done,
 * by any thread. So a thread that gets no processor for a while holds nobody up unless it is in the middle of
 * some units, and finds the steps it missed already done when it comes back. The counters only ever grow, so that a
 * latecomer from an earlier run cannot mistake a later run's units for its own.
 */
export class ThreadProgram {
  /**
   * @param {ProgramImage} image
   * @param {Runner} runner calls the kernels of the image's code
   * @param {number} thread from 0
   * @param {number} threads
   */
  constructor(image, runner, thread, threads) {
    const scratch = image.scratchAddress + thread * image.scratchBytes;
    this.counters = image.counters;
    /** @type {readonly ThreadStep[]} */
    this.steps = image.steps.map(({ kernel, units, leastUnits, pointers }, i) => {
      const counter = i * (threads + 1) * COUNTER_STRIDE;
      // Its own share first, then the others' from the next thread's on.
      const owners = Array.from({ length: threads }, (_, turn) => (thread + turn) % threads);
      return {
        run: runner(kernel, [0, units, scratch, ...pointers]),
        units,
        least: Math.max(leastUnits, Math.ceil(units / (threads * SMALLEST_PARTS))),
        shares: sharesOf(units, leastUnits, threads, counter, owners),
        done: counter + threads * COUNTER_STRIDE,
      };
    });
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
      log.finishUnits();
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
    for (const step of this.steps) {
      this.takeUnits(control, step, count);
      this.waitForStep(control, step, count);
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
      this.steps.forEach((step, i) => {
        const begin = log.now();
        const units = this.takeUnits(control, step, count, log);
        if (units > 0) log.add(i, units, begin);
        this.waitForStep(control, step, count);
      });
    } finally {
      Atomics.sub(control, CONTROL.recording, 1);
      wake(control, control, CONTROL.recording);
    }
  }

  /**
   * @param {Int32Array} control
   * @param {ThreadStep} step
   * @param {number} count of the program's runs before this one
   */
  waitForStep(control, { units, done }, count) {
    const end = Math.imul(count + 1, units);
    waitUntil(control, this.counters, done, (value) => ((value - end) | 0) >= 0);
  }

  /**
   * @param {Int32Array} control
   * @param {ThreadStep} step
   * @param {number} count of the program's runs before this one
   * @param {EventLog} [log]
   * @returns {number} how many units this thread has done
   */
  takeUnits(control, { run, units, least, shares, done }, count, log) {
    const { counters } = this;
    let sum = 0;
    for (const { counter, first, size } of shares) {
      const end = Math.imul(count + 1, size);
      for (;;) {
        const taken = Atomics.load(counters, counter);
        const left = (end - taken) | 0;
        if (left <= 0) break;
        const part = Math.min(left, Math.max(least, Math.ceil(left / LEFT_PARTS)));
        if (Atomics.compareExchange(counters, counter, taken, (taken + part) | 0) !== taken) continue;
        const start = first + size - left;
        run(start, start + part);
        sum += part;
        log?.finishUnits();
      }
    }
    if (sum === 0) return 0;
    const finished = (Atomics.add(counters, done, sum) + sum) | 0;
    if (finished === Math.imul(count + 1, units)) wake(control, counters, done);
    return sum;
  }
}

/**
 * The shares of a step that have units, in the order in which a thread goes through them.
 * @param {number} units
 * @param {number} leastUnits fewer are no share
 * @param {number} threads
 * @param {number} counter of the first share
 * @param {readonly number[]} owners
 * @returns {Share[]}
 */
function sharesOf(units, leastUnits, threads, counter, owners) {
  const count = Math.max(1, Math.min(threads, Math.floor(units / leastUnits)));
  return owners
    .filter((owner) => owner < count)
    .map((owner) => {
      const first = Math.floor((owner * units) / count);
      const end = Math.floor(((owner + 1) * units) / count);
      return { counter: counter + owner * COUNTER_STRIDE, first, size: end - first };
    });
}
