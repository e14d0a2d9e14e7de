/**
 * @file What every thread does, the first one as well as the workers: run its share of each step of a program. JavaScript and without imports from elsewhere, since a worker loads it by its URL, both
 * from the sources under test and from the built package.
 */

/**
 * One step of a program: a kernel of its module over its pointers.
 * @typedef {object} Step
 * @property {number} kernel index of the module's exported function
 * @property {number} units
 * @property {readonly number[]} pointers byte addresses
 */

/**
 * @typedef {object} ProgramImage
 * @property {Uint8Array} code a WebAssembly module that exports k0, k1, …
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

/** Parts of a step's units for each thread: a thread that is held up by other work leaves some to the others. */
const PARTS = 8;

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
   */
  constructor(image, memory, thread, threads) {
    const module = new WebAssembly.Module(/** @type {Uint8Array<ArrayBuffer>} */ (image.code));
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const scratch = image.scratchAddress + thread * image.scratchBytes;
    this.counters = image.counters;
    this.steps = image.steps.map((step) => ({
      run: /** @type {(...args: number[]) => void} */ (exports[`k${step.kernel}`]),
      /** start, end, scratch, pointers */
      args: [0, step.units, scratch, ...step.pointers],
      units: step.units,
      part: Math.ceil(step.units / (threads * PARTS)),
    }));
  }

  /** Does everything, for a program that has one thread. */
  runAlone() {
    for (const { run, args } of this.steps) run(...args);
  }

  /**
   * Does this thread's share of every step; returns when all steps are done. Which thread does which units is a
   * matter of chance; what a unit computes is not.
   * @param {Int32Array} control
   * @param {number} count of the program's runs before this one
   */
  runShared(control, count) {
    const { counters, steps } = this;
    for (let i = 0; i < steps.length; i++) {
      const done = steps.length + i;
      const end = Math.imul(count + 1, steps[i].units);
      this.takeUnits(control, i, done, end);
      waitUntil(control, counters, done, (value) => ((value - end) | 0) >= 0);
    }
  }

  /**
   * @param {Int32Array} control
   * @param {number} i the step
   * @param {number} done index of its counter of units done
   * @param {number} end what the step's counters are when this run of it is over
   */
  takeUnits(control, i, done, end) {
    const { counters } = this;
    const { run, args, units, part } = this.steps[i];
    for (;;) {
      const taken = Atomics.load(counters, i);
      const left = (end - taken) | 0;
      if (left <= 0) return;
      const count = Math.min(part, left);
      if (Atomics.compareExchange(counters, i, taken, (taken + count) | 0) !== taken) continue;
      args[0] = units - left;
      args[1] = units - left + count;
      run(...args);
      const finished = (Atomics.add(counters, done, count) + count) | 0;
      if (finished === end) wake(control, counters, done);
    }
  }
}
