/**
 * @file The events of one thread while a profile is recorded. JavaScript, since worker threads load it by its URL.
 *
 * Shared memory: the number of events, then the events, each as FIELDS numbers. Only its thread writes it, and only
 * while the first thread waits for it; so it needs no atomic operations.
 */

/**
 * A thread's part of one step of a program's run.
 * @typedef {object} KernelEvent
 * @property {number} program its number in the pool
 * @property {number} run how often the program had run before
 * @property {number} step
 * @property {number} units those that this thread did
 * @property {number} begin milliseconds since the first thread's time origin
 * @property {number} end
 */

const FIELDS = 6;

/** Events of a thread at most: 20 training steps of a network of some hundred layers. */
const MOST_EVENTS = 65536;

/** Memory for the events of one thread; a system that hands out pages at their first use gives none until then. */
export function eventMemory() {
  const numbers = 1 + MOST_EVENTS * FIELDS;
  if (typeof SharedArrayBuffer === "undefined") return new Float64Array(numbers);
  return new Float64Array(new SharedArrayBuffer(numbers * Float64Array.BYTES_PER_ELEMENT));
}

export class EventLog {
  /**
   * @param {Float64Array} memory
   * @param {number} timeOrigin of the first thread, as `performance.timeOrigin`
   */
  constructor(memory, timeOrigin) {
    this.memory = memory;
    /** The offset from this thread's clock to the first one's. */
    this.offset = performance.timeOrigin - timeOrigin;
    this.program = 0;
    this.run = 0;
    this.last = 0;
  }

  /** The number of events for which there was no room. */
  get lost() {
    return Math.max(0, this.memory[0] - MOST_EVENTS);
  }

  clear() {
    this.memory[0] = 0;
  }

  /**
   * Says what the events that follow belong to.
   * @param {number} program
   * @param {number} run
   */
  beginRun(program, run) {
    this.program = program;
    this.run = run;
  }

  /** Milliseconds since the first thread's time origin. */
  now() {
    return performance.now() + this.offset;
  }

  /**
   * Notes the time at which units are finished. To be called before others are told: they may go on, and this thread may
   * lose its processor for a while.
   */
  finishUnits() {
    this.last = this.now();
  }

  /**
   * Adds an event that ended with the last units.
   * @param {number} step
   * @param {number} units
   * @param {number} begin
   */
  add(step, units, begin) {
    const { memory } = this;
    const index = memory[0]++;
    if (index >= MOST_EVENTS) return;
    const at = 1 + index * FIELDS;
    memory[at] = this.program;
    memory[at + 1] = this.run;
    memory[at + 2] = step;
    memory[at + 3] = units;
    memory[at + 4] = begin;
    memory[at + 5] = this.last;
  }

  /** @returns {KernelEvent[]} in the order in which they happened */
  events() {
    const { memory } = this;
    return Array.from({ length: Math.min(memory[0], MOST_EVENTS) }, (_, i) => {
      const at = 1 + i * FIELDS;
      const [program, run, step, units, begin, end] = memory.subarray(at, at + FIELDS);
      return { program, run, step, units, begin, end };
    });
  }
}
