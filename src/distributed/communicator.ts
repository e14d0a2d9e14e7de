/**
 * @file Exchanges between ranks, made of messages, so that none can wait for ever: each has a time-out, says whom it waits for, and
 * lets the event loop run meanwhile. A rank that fails tells rank 0, which shows the last errors of all and ends the job. Browser-safe.
 */
import { AuricleError } from "../errors.ts";
import { nextTurn } from "../io/next-turn.ts";
import type { Ranks } from "./ranks.ts";
import type { Pending, Transport } from "./transport.ts";
import { weightedMean } from "./weighted-mean.ts";

/** How long an exchange waits for other ranks by default, in seconds. */
export const DEFAULT_TIMEOUT = 300;

export interface CommunicatorOptions {
  /** Seconds that an exchange waits for the other ranks before it fails; above 0. Default {@link DEFAULT_TIMEOUT}. */
  readonly timeout?: number;
  /** The name of this rank's machine, for messages. */
  readonly host: string;
  /** Shows a text on this rank's screen, at once: the process may end before anything else is written. */
  readonly say: (text: string) => void;
}

/** Seconds to wait for other ranks. @throws AuricleError "argument" for a time-out that is none */
export function timeoutOf({ timeout = DEFAULT_TIMEOUT }: Pick<CommunicatorOptions, "timeout">): number {
  if (timeout > 0) return timeout;
  throw new AuricleError("argument", `ranks: timeout must be above 0 seconds; got ${timeout}`);
}

const TAG = { data: 1, failure: 2, heard: 3 } as const;

/** Bytes of the text of a failure; what is longer is cut. */
const FAILURE_BYTES = 8192;

/** The exit code of a job that failed. */
const FAILED = 1;

/** How long rank 0 waits for further failures before it ends the job, and how long others wait to be heard, in milliseconds. */
const COLLECT = 500;
const UNHEARD = 3000;

/** How long what was said has to reach the screen, in milliseconds: MPICH's mpirun loses what it has not forwarded when the job is ended. */
export const FORWARD = 300;

/** How long a wait looks without a pause, and how long it then looks at each turn of the event loop, before it sleeps in between. */
const SPIN = 0.1;
const BUSY = 20;

/** The buffers of a mean of one length: they are the same at each step. */
interface MeanBuffers {
  readonly outgoing: Float32Array;
  readonly incoming: Float32Array;
  readonly sums: Float64Array;
  /** For each rank the mean of its own part, and its note. */
  readonly results: Float32Array;
}

export class Communicator implements Ranks {
  readonly rank: number;
  readonly size: number;
  /** "Open MPI 4.1.4". */
  readonly engine: string;
  private readonly transport: Transport;
  private readonly options: CommunicatorOptions;
  private readonly timeout: number;
  private readonly means = new Map<string, MeanBuffers>();
  private readonly others: readonly number[];
  /** On rank 0: where the failures of others will be written. */
  private readonly failures: readonly { readonly text: Uint8Array; readonly pending: Pending }[];

  /** @throws AuricleError "argument" for a time-out that is none. */
  constructor(transport: Transport, options: CommunicatorOptions) {
    this.transport = transport;
    this.options = options;
    this.timeout = timeoutOf(options);
    this.rank = transport.rank;
    this.size = transport.size;
    this.engine = transport.engine;
    this.others = Array.from({ length: this.size }, (_, rank) => rank).filter((rank) => rank !== this.rank);
    this.failures =
      this.rank > 0
        ? []
        : this.others.map((rank) => {
            const text = bytesOf(FAILURE_BYTES);
            return { text, pending: transport.receive(text, rank, TAG.failure) };
          });
  }

  async mean(
    values: Float32Array,
    weight: number,
    note: Float32Array,
    what: string,
  ): Promise<Float32Array[]> {
    const { size, rank, others, transport } = this;
    const part = Math.ceil(values.length / size);
    const partOf = (index: number) =>
      values.subarray(index * part, Math.min((index + 1) * part, values.length));
    const { outgoing, incoming, sums, results } = this.meanBuffers(part, note.length);
    // Each rank gets its part of everybody's values behind the weight that they have.
    const at = (all: Float32Array, index: number) =>
      all.subarray(index * (part + 1), (index + 1) * (part + 1));
    for (let index = 0; index < size; index++) {
      const message = at(index === rank ? incoming : outgoing, index);
      message[0] = weight;
      message.set(partOf(index), 1);
    }
    // Without values the notes alone go round.
    if (values.length > 0) {
      await this.exchange(what, [
        ...others.map((other) => transport.receive(wordsOf(at(incoming, other)), other, TAG.data)),
        ...others.map((other) => transport.send(wordsOf(at(outgoing, other)), other, TAG.data)),
      ]);
    }
    const resultOf = (index: number) =>
      results.subarray(index * (part + note.length), (index + 1) * (part + note.length));
    const parts = Array.from({ length: size }, (_, index) => {
      const message = at(incoming, index);
      return { weight: message[0], values: message.subarray(1) };
    });
    const own = resultOf(rank);
    const { length } = partOf(rank);
    if (!weightedMean(parts, sums, own.subarray(0, length))) own.set(partOf(rank));
    own.set(note, part);
    await this.exchange(what, [
      ...others.map((other) => transport.receive(wordsOf(resultOf(other)), other, TAG.data)),
      ...others.map((other) => transport.send(wordsOf(own), other, TAG.data)),
    ]);
    return Array.from({ length: size }, (_, index) => {
      const result = resultOf(index);
      partOf(index).set(result.subarray(0, partOf(index).length));
      return result.subarray(part);
    });
  }

  async gather(bytes: Uint8Array, what: string): Promise<Uint8Array[]> {
    const { size, rank, others, transport } = this;
    const lengths = new Float64Array(new ArrayBuffer(8 * size));
    lengths[rank] = bytes.length;
    const lengthOf = (index: number) => new Uint8Array(lengths.buffer, 8 * index, 8);
    await this.exchange(what, [
      ...others.map((other) => transport.receive(lengthOf(other), other, TAG.data)),
      ...others.map((other) => transport.send(lengthOf(rank), other, TAG.data)),
    ]);
    const all = Array.from(lengths, (length) => bytesOf(length));
    all[rank].set(bytes);
    await this.exchange(what, [
      ...others.map((other) => transport.receive(all[other], other, TAG.data)),
      ...others.map((other) => transport.send(all[rank], other, TAG.data)),
    ]);
    return all;
  }

  async broadcast(bytes: Uint8Array, what: string): Promise<Uint8Array> {
    const { rank, others, transport } = this;
    const length = new Float64Array(new ArrayBuffer(8));
    length[0] = bytes.length;
    if (rank > 0) {
      await this.exchange(what, [transport.receive(wordsOf(length), 0, TAG.data)]);
      const given = bytesOf(length[0]);
      await this.exchange(what, [transport.receive(given, 0, TAG.data)]);
      return given;
    }
    const given = bytesOf(bytes.length);
    given.set(bytes);
    await this.exchange(what, [
      ...others.map((other) => transport.send(wordsOf(length), other, TAG.data)),
      ...others.map((other) => transport.send(given, other, TAG.data)),
    ]);
    return given;
  }

  async barrier(what: string): Promise<void> {
    await this.gather(new Uint8Array(0), what);
  }

  /** Ends in good order, after the last exchange. @throws AuricleError as an exchange */
  async end(): Promise<void> {
    const { rank, transport } = this;
    await this.barrier("the end");
    // The failures that rank 0 still waits for arrive empty.
    const farewell =
      rank > 0 ? [transport.send(bytesOf(1), 0, TAG.failure)] : this.failures.map(({ pending }) => pending);
    await this.exchange("the end", farewell);
    transport.end();
  }

  /**
   * Ends all ranks because of this one: its error comes to rank 0's screen, with those that others have meanwhile.
   * @param error in words, without "error:"
   */
  async fail(error: string): Promise<never> {
    const { rank, transport, options } = this;
    if (rank === 0) await this.endForFailures(error);
    const text = bytesOf(FAILURE_BYTES);
    new TextEncoder().encodeInto(`${this.name}: ${error}`, text);
    const heard = transport.receive(bytesOf(1), 0, TAG.heard);
    transport.send(text, 0, TAG.failure);
    const isHeard = await waited(heard, UNHEARD);
    if (!isHeard) options.say(`error: ${this.name}: ${error}\n`);
    // Whoever is heard leaves the end to rank 0.
    await pause(isHeard ? 2 * (COLLECT + FORWARD) : FORWARD);
    transport.abort(FAILED);
    return forever();
  }

  private get name(): string {
    return `rank ${this.rank} on ${this.options.host}`;
  }

  private meanBuffers(part: number, note: number): MeanBuffers {
    const key = `${part} ${note}`;
    const known = this.means.get(key);
    if (known) return known;
    const { size } = this;
    const made = {
      outgoing: floatsOf(size * (part + 1)),
      incoming: floatsOf(size * (part + 1)),
      sums: new Float64Array(part),
      results: floatsOf(size * (part + note)),
    };
    this.means.set(key, made);
    return made;
  }

  /** Waits for messages. @throws AuricleError "unsupported" naming the ranks that are silent for longer than the time-out */
  private async exchange(what: string, messages: readonly Pending[]): Promise<void> {
    const began = performance.now();
    let left = messages;
    for (;;) {
      left = left.filter((message) => !message.isDone());
      if (left.length === 0) return;
      const waiting = performance.now() - began;
      if (waiting < SPIN) continue;
      await this.lookForFailures();
      if (waiting > 1000 * this.timeout) throw this.tooLong(what, left);
      await (waiting < BUSY ? nextTurn() : pause(1));
    }
  }

  private tooLong(what: string, left: readonly Pending[]): AuricleError {
    const silent = [...new Set(left.map(({ other }) => other))].sort((a, b) => a - b);
    return new AuricleError(
      "unsupported",
      `${what}: waited ${this.timeout} s for ${silent.length === 1 ? "rank" : "ranks"} ${silent.join(", ")}, which ` +
        `${silent.length === 1 ? "hangs, has lost its connection or is" : "hang, have lost their connection or are"} that much slower; ` +
        "--rank-timeout changes how long to wait",
    );
  }

  /** On rank 0: ends the job where another rank has failed. */
  private async lookForFailures(): Promise<void> {
    if (this.failures.some(({ text, pending }) => pending.isDone() && text[0] !== 0)) {
      await this.endForFailures(undefined);
    }
  }

  private async endForFailures(own: string | undefined): Promise<never> {
    const { transport, options, failures } = this;
    const told = new Map<number, string>();
    for (const until = performance.now() + COLLECT; performance.now() < until; await pause(5)) {
      for (const { text, pending } of failures) {
        if (told.has(pending.other) || !pending.isDone() || text[0] === 0) continue;
        told.set(pending.other, new TextDecoder().decode(text.subarray(0, text.indexOf(0))));
        transport.send(bytesOf(1), pending.other, TAG.heard);
      }
      if (told.size === failures.length) break;
    }
    if (own !== undefined) told.set(0, `${this.name}: ${own}`);
    for (const text of inOrder(told)) options.say(`error: ${text}\n`);
    await pause(FORWARD);
    transport.abort(FAILED);
    return forever();
  }
}

/** The errors by rank; one that all have is told once. */
function inOrder(told: ReadonlyMap<number, string>): string[] {
  const texts = [...told].sort(([a], [b]) => a - b).map(([, text]) => text);
  const reasons = new Set(texts.map((text) => text.replace(/^rank \d+ on .*?: /, "")));
  const [only] = reasons;
  return reasons.size === 1 && texts.length > 1 ? [`${texts.length} ranks: ${only}`] : texts;
}

async function waited(message: Pending, milliseconds: number): Promise<boolean> {
  for (const until = performance.now() + milliseconds; performance.now() < until; await pause(5)) {
    if (message.isDone()) return true;
  }
  return false;
}

/** The job has been ended: nothing comes after. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Memory outside JavaScript's heap, which does not move: short arrays that are made by their length may be in the heap. */
function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length));
}

function floatsOf(length: number): Float32Array<ArrayBuffer> {
  return new Float32Array(new ArrayBuffer(4 * length));
}

function wordsOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
