/**
 * @file One conversion of a sample rate: each output is the product of a stretch of the input with the row of a
 * table, the low-pass at that output's place between two inputs. All outputs are added up in one order, however the input
 * is cut into pieces. Browser-safe.
 */

import { dotProductsOver } from "#here/audio/resample/dot-products";
import { JOB_WORDS, ROW_MULTIPLE } from "../../kernels/dot-products.ts";
import { FLOAT_BYTES } from "../../kernels/kernel.ts";
import { lowPassBetween } from "./low-pass.ts";

const PAGE_BYTES = 65536;

/** The largest table that has a row for each place that outputs can have between two inputs. */
const MOST_TABLE_BYTES = 4 * 2 ** 20;

/**
 * Places in the table, to a sample of the narrower rate, where those would be more. Values between two rows are interpolated
 * linearly, which is right to 120 dB up to the end of the band.
 */
const PLACES = 1024;
const NEIGHBOURS = 2;

/** Outputs that are computed at once, and inputs that they take, unless that would be few outputs to a row. */
const OUTPUTS = 8192;
const INPUTS = 65_536;
const OUTPUTS_OF_A_ROW = 8;

/** Changes the rate of one signal after the other. */
export class RateConverter {
  readonly from: number;
  readonly to: number;
  /** The numbers in a row of the table, and inputs that an output needs. */
  readonly taps: number;
  /** Output n is at the input's sample n * step / places. */
  private readonly places: number;
  private readonly step: number;
  /** Rows of the table to a sample of the input. */
  private readonly rowsOfSample: number;
  private readonly interpolated: boolean;
  private readonly mostOutputs: number;
  private readonly table: number;
  private readonly jobs: Int32Array;
  private readonly input: Float32Array;
  private readonly output: Float32Array;
  private readonly run: (start: number, end: number) => void;
  /** Inputs held. The next output's stretch is the one at the beginning. */
  private held = 0;
  /** The next output's place behind the middle of that stretch, of `places`. */
  private place = 0;

  /** @param from and `to` are positive whole numbers, in Hz. */
  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
    const divisor = greatestCommonDivisor(from, to);
    this.places = to / divisor;
    this.step = from / divisor;
    const lowPass = lowPassBetween(from, to);
    this.taps = 2 * multipleFrom(lowPass.reach, ROW_MULTIPLE / 2);
    this.interpolated = this.places * this.taps * FLOAT_BYTES > MOST_TABLE_BYTES;
    const narrowing = Math.max(1, from / to);
    this.rowsOfSample = this.interpolated ? Math.ceil(PLACES / narrowing) : this.places;
    const rows = this.rowsOfSample + (this.interpolated ? 1 : 0);
    const byInputs = Math.min(OUTPUTS, Math.ceil((INPUTS * to) / from));
    this.mostOutputs = this.interpolated ? byInputs : Math.max(byInputs, OUTPUTS_OF_A_ROW * this.places);
    const mostInputs = this.taps + Math.ceil((this.mostOutputs * from) / to);
    const results = this.mostOutputs * (this.interpolated ? NEIGHBOURS : 1);
    const jobs = this.interpolated ? this.mostOutputs : this.places;
    const stretches = stretchesOf([rows * this.taps, jobs * JOB_WORDS, mostInputs, results]);
    const [table, jobsAt, inputAt, outputAt] = stretches.addresses;
    const pages = Math.ceil(stretches.bytes / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.table = table;
    this.jobs = new Int32Array(memory.buffer, jobsAt, jobs * JOB_WORDS);
    this.input = new Float32Array(memory.buffer, inputAt, mostInputs);
    this.output = new Float32Array(memory.buffer, outputAt, results);
    const rowBytes = this.taps * FLOAT_BYTES;
    // With one row for each place a job is a row, and its stretches follow each other as a place's outputs do. Otherwise a job is
    // an output: the stretch of the input takes the row's part, and neighbouring rows of the table that of the stretches.
    const strides = this.interpolated
      ? [rowBytes, FLOAT_BYTES]
      : [this.step * FLOAT_BYTES, this.places * FLOAT_BYTES];
    this.run = dotProductsOver(memory, [0, 0, 0, jobsAt, ...strides, rowBytes]);
    const values = new Float32Array(memory.buffer, table, rows * this.taps);
    const middle = this.taps / 2 - 1;
    for (let row = 0; row < rows; row++) {
      const place = row / this.rowsOfSample;
      for (let i = 0; i < this.taps; i++) values[row * this.taps + i] = lowPass.at(i - middle - place);
    }
    this.restart();
  }

  /** Forgets the signal before: silence comes before the next one. */
  restart(): void {
    this.held = this.taps / 2 - 1;
    this.place = 0;
    this.input.fill(0, 0, this.held);
  }

  /** Returns the outputs that are settled once `samples` follow those of earlier calls, as parts. */
  push(samples: Float32Array): Float32Array[] {
    const parts: Float32Array[] = [];
    for (let at = 0; at < samples.length;) {
      const taken = Math.min(samples.length - at, this.input.length - this.held);
      this.input.set(samples.subarray(at, at + taken), this.held);
      this.held += taken;
      at += taken;
      for (let count = this.settled(); count > 0; count = this.settled()) parts.push(this.convert(count));
    }
    return parts;
  }

  /** Counts the outputs whose whole stretch is there, up to those that are computed at once. */
  private settled(): number {
    const spare = this.held - this.taps;
    if (spare < 0) return 0;
    return Math.min(this.mostOutputs, Math.ceil(((spare + 1) * this.places - this.place) / this.step));
  }

  private convert(count: number): Float32Array {
    const result = this.interpolated ? this.between(count) : this.atPlaces(count);
    const end = this.place + count * this.step;
    const passed = Math.floor(end / this.places);
    this.place = end - passed * this.places;
    this.input.copyWithin(0, passed, this.held);
    this.held -= passed;
    return result;
  }

  /** Outputs at places that the table has rows for: one job for each place that comes first. */
  private atPlaces(count: number): Float32Array {
    const { places, jobs, input, output } = this;
    const rows = Math.min(places, count);
    for (let row = 0; row < rows; row++) {
      const position = this.place + row * this.step;
      const place = position % places;
      const sample = (position - place) / places;
      const job = row * JOB_WORDS;
      jobs[job] = this.table + place * this.taps * FLOAT_BYTES;
      jobs[job + 1] = input.byteOffset + sample * FLOAT_BYTES;
      jobs[job + 2] = output.byteOffset + row * FLOAT_BYTES;
      jobs[job + 3] = Math.ceil((count - row) / places);
    }
    this.run(0, rows);
    return output.slice(0, count);
  }

  /** Outputs between the table's places, from the two nearest rows of each. */
  private between(count: number): Float32Array {
    const { places, jobs, input, output } = this;
    const weights = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const position = this.place + i * this.step;
      const place = position % places;
      const row = Math.floor((place * this.rowsOfSample) / places);
      weights[i] = (place * this.rowsOfSample) / places - row;
      const job = i * JOB_WORDS;
      jobs[job] = input.byteOffset + ((position - place) / places) * FLOAT_BYTES;
      jobs[job + 1] = this.table + row * this.taps * FLOAT_BYTES;
      jobs[job + 2] = output.byteOffset + i * NEIGHBOURS * FLOAT_BYTES;
      jobs[job + 3] = NEIGHBOURS;
    }
    this.run(0, count);
    return Float32Array.from(
      weights,
      (weight, i) => output[NEIGHBOURS * i] * (1 - weight) + output[NEIGHBOURS * i + 1] * weight,
    );
  }
}

/** Places stretches of 32-bit words one after the other, each from a multiple of 16 bytes on. */
function stretchesOf(words: readonly number[]): { addresses: number[]; bytes: number } {
  let bytes = 0;
  const addresses = words.map((count) => {
    const address = bytes;
    bytes += multipleFrom(count * FLOAT_BYTES, 16);
    return address;
  });
  return { addresses, bytes };
}

/** The first multiple from `value` on. */
function multipleFrom(value: number, factor: number): number {
  return Math.ceil(value / factor) * factor;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
