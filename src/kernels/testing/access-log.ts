/**
 * @file Which words each unit of a kernel call reads and writes, and what must not be: a word that two units touch and one of them
 * writes, a word outside of the call's buffers, and scratch memory that is read before the unit has written it.
 *
 * Units run one after the other here, each with a stamp of its own that grows from call to call, so nothing has to be
 * cleared in between. A word is 32 bits: kernels access nothing smaller.
 */

/** Words [from, to). */
export interface WordRange {
  readonly from: number;
  readonly to: number;
}

export interface CallMemory {
  readonly reads: readonly WordRange[];
  readonly writes: readonly WordRange[];
  /** A thread's own memory; contents of an earlier unit are chance. */
  readonly scratch: WordRange;
}

/** Kernels may read (never write) so far past a buffer's end: arena.ts keeps it free at the end of memory. */
const SLACK_WORDS = 256;

const MAY_READ = 1;
const MAY_WRITE = 2;
const IS_SCRATCH = 4;

/** Stamps start again before they would not fit into 32 bits. */
const MOST_STAMPS = 2 ** 30;

export class AccessLog {
  /** The stamp of the last unit that wrote a word. */
  private readonly writers: Int32Array;
  /** The stamp of the unit that read a word, or that of the call if several did. */
  private readonly readers: Int32Array;
  /** The stamp of the unit that read a run of words from here on last, and how many. */
  private readonly runs: Int32Array;
  private readonly runLengths: Int32Array;
  private readonly places: Uint8Array;
  private memory: CallMemory | undefined;
  private call = 0;
  private unit = 0;
  private nextCall = 1;

  constructor(words: number) {
    this.writers = new Int32Array(words);
    this.readers = new Int32Array(words);
    this.runs = new Int32Array(words);
    this.runLengths = new Int32Array(words);
    this.places = new Uint8Array(words);
  }

  /** Begins a call of so many units. */
  beginCall(memory: CallMemory, units: number): void {
    const before = this.memory;
    if (before) this.mark(before, () => 0);
    this.mark(memory, (place, flag) => place | flag);
    this.memory = memory;
    if (this.nextCall + units + 1 > MOST_STAMPS) {
      for (const stamps of [this.writers, this.readers, this.runs]) stamps.fill(0);
      this.nextCall = 1;
    }
    this.call = this.nextCall;
    this.nextCall += units + 1;
  }

  private mark(
    { reads, writes, scratch }: CallMemory,
    change: (place: number, flag: number) => number,
  ): void {
    const { places } = this;
    const each = ({ from, to }: WordRange, flag: number) => {
      for (let word = from; word < to; word++) places[word] = change(places[word], flag);
    };
    for (const range of reads) each(range, MAY_READ);
    for (const range of writes) each(range, MAY_READ | MAY_WRITE);
    each(scratch, MAY_READ | MAY_WRITE | IS_SCRATCH);
  }

  beginUnit(unit: number): void {
    this.unit = this.call + 1 + unit;
  }

  /** Many words at once, which a unit reads again and again: only the first time has to be looked at. @throws RangeError */
  readRun(first: number, count: number): void {
    const { runs, runLengths, unit } = this;
    if (runs[first] === unit && runLengths[first] >= count) return;
    this.read(first, count);
    runs[first] = unit;
    runLengths[first] = count;
  }

  /** @throws RangeError */
  read(first: number, count: number): void {
    const { writers, readers, places, unit, call } = this;
    for (let word = first; word < first + count; word++) {
      const writer = writers[word];
      if (writer !== unit && (writer > call || places[word] !== MAY_READ)) this.checkRead(word);
      const reader = readers[word];
      if (reader !== unit) readers[word] = reader < call ? unit : call;
    }
  }

  /** @throws RangeError */
  write(first: number, count: number): void {
    const { writers, readers, places, unit, call } = this;
    for (let word = first; word < first + count; word++) {
      if ((places[word] & MAY_WRITE) === 0) this.fail("writes", word, "outside of what the call writes");
      if ((places[word] & IS_SCRATCH) === 0) {
        const [writer, reader] = [writers[word], readers[word]];
        if (writer > call && writer !== unit) this.fail("writes", word, `as unit ${writer - call - 1}`);
        if (reader === call) this.fail("writes", word, "which several units read");
        if (reader > call && reader !== unit) {
          this.fail("writes", word, `which unit ${reader - call - 1} reads`);
        }
      }
      writers[word] = unit;
    }
  }

  /** Whether a unit of the call at hand has read, or has written, a word. */
  wasRead(word: number): boolean {
    return this.readers[word] >= this.call;
  }

  wasWritten(word: number): boolean {
    return this.writers[word] > this.call;
  }

  private checkRead(word: number): void {
    const writer = this.writers[word];
    const place = this.places[word];
    if (place & IS_SCRATCH) this.fail("reads", word, "of scratch memory before writing it");
    if (writer > this.call) this.fail("reads", word, `which unit ${writer - this.call - 1} writes`);
    if (place === 0 && !this.isBehindBuffer(word)) this.fail("reads", word, "outside of the call's buffers");
  }

  private isBehindBuffer(word: number): boolean {
    const { reads, writes } = this.memory ?? { reads: [], writes: [] };
    return [...reads, ...writes].some(({ to }) => word >= to && word < to + SLACK_WORDS);
  }

  private fail(verb: string, word: number, why: string): never {
    const { reads, writes, scratch } = this.memory ?? {};
    const within = (ranges: readonly WordRange[], what: string) =>
      ranges.flatMap(({ from, to }, i) =>
        word >= from && word < to ? [`word ${word - from} of ${to - from} of ${what} ${i}`] : [],
      );
    const places = [
      ...within(reads ?? [], "input"),
      ...within(writes ?? [], "output"),
      ...within(scratch ? [scratch] : [], "scratch"),
    ];
    const where = places.length > 0 ? places.join(", ") : `word ${word} of memory`;
    throw new RangeError(`unit ${this.unit - this.call - 1} ${verb} ${where}, ${why}`);
  }
}
