/**
 * @file What every thread does, the first one as well as the workers: run its share of each step of a program and
 * meet the others at a barrier. JavaScript and without imports from elsewhere, since a worker loads it by its URL, both
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
 * @property {Int32Array} counters one for each step: the next unit to be done; 0 when a run begins
 */

/** Indices into the threads' shared control words. */
export const CONTROL = {
  /** Counts commands; workers sleep on it. */
  command: 0,
  /** The program to run. */
  program: 1,
  arrived: 2,
  /** Counts barriers passed; threads sleep on it. */
  generation: 3,
  sleepers: 4,
  /** Set by a worker whose kernel threw; the first thread reports it. */
  failed: 5,
  words: 16,
};

/** How often a waiting thread looks before it sleeps: some tens of microseconds. */
const SPINS = 4000;

/** How long a thread sleeps before it looks whether another one has failed. */
const SLEEP_MILLISECONDS = 1000;

/**
 * Waits until a control word no longer holds `value`.
 * @param {Int32Array} control
 * @param {number} index
 * @param {number} value
 */
export function waitWhile(control, index, value) {
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.load(control, index) !== value) return;
  }
  Atomics.add(control, CONTROL.sleepers, 1);
  while (Atomics.load(control, index) === value) {
    if (Atomics.load(control, CONTROL.failed) !== 0) throw new Error("a kernel failed on another thread");
    Atomics.wait(control, index, value, SLEEP_MILLISECONDS);
  }
  Atomics.sub(control, CONTROL.sleepers, 1);
}

/**
 * Wakes what waits on a control word, if anything does.
 * @param {Int32Array} control
 * @param {number} index
 */
export function wake(control, index) {
  if (Atomics.load(control, CONTROL.sleepers) > 0) Atomics.notify(control, index);
}

/**
 * Returns when all threads have called it.
 * @param {Int32Array} control
 * @param {number} threads
 */
export function barrier(control, threads) {
  const generation = Atomics.load(control, CONTROL.generation);
  if (Atomics.add(control, CONTROL.arrived, 1) === threads - 1) {
    Atomics.store(control, CONTROL.arrived, 0);
    Atomics.add(control, CONTROL.generation, 1);
    wake(control, CONTROL.generation);
  } else {
    waitWhile(control, CONTROL.generation, generation);
  }
}

/** Parts of a step's units for each thread: a thread that is held up by other work leaves some to the others. */
const PARTS = 8;

/** A program made ready for one thread. */
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
    this.threads = threads;
    this.counters = image.counters;
    this.steps = image.steps.map((step, i) => {
      const next = image.steps[i + 1];
      return {
        run: /** @type {(...args: number[]) => void} */ (exports[`k${step.kernel}`]),
        /** start, end, scratch, pointers */
        args: [0, step.units, scratch, ...step.pointers],
        units: step.units,
        part: Math.ceil(step.units / (threads * PARTS)),
        // A step of one unit is the first thread's; two such steps in a row need no meeting between them.
        whole: threads === 1 || step.units === 1,
        mine: thread === 0,
        meet: threads > 1 && !(step.units === 1 && next !== undefined && next.units === 1),
      };
    });
  }

  /**
   * Does this thread's share of every step. Which thread does which units is a matter of chance; what a unit
   * computes is not.
   * @param {Int32Array | undefined} control
   */
  run(control) {
    const { counters, steps, threads } = this;
    for (let i = 0; i < steps.length; i++) {
      const { run, args, units, part, whole, mine, meet } = steps[i];
      if (whole) {
        if (mine) run(...args);
      } else {
        for (
          let start = Atomics.add(counters, i, part);
          start < units;
          start = Atomics.add(counters, i, part)
        ) {
          args[0] = start;
          args[1] = Math.min(start + part, units);
          run(...args);
        }
      }
      if (meet && control) barrier(control, threads);
    }
  }
}
