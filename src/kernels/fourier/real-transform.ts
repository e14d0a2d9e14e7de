/**
 * @file The real Fourier transform of `lanes` frames at once, in scratch memory of [fftSize] vectors.
 *
 *   load      vectors of samples times the window, transposed so that each holds one sample of every frame; a leaf's
 *             samples are transformed and stored where the leaf belongs
 *   passes    depth first: the four quarters of a transform, then the pass that combines them, so that a quarter's
 *             passes find it in the first-level cache
 *   last pass writes what is asked for: the half-complex transform, or |bin|² or |bin| in words 0 … fftSize / 2
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, VectorExpression } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";
import { combine, combineMiddle, leafOf4, leafOf8, VectorArithmetic, type Complex } from "./butterflies.ts";
import { leafPosition, leafSize, twiddleOffset } from "./transform-plan.ts";

/** Transforms of at most this many bytes are combined pass by pass; longer ones quarter by quarter. */
const CACHED_BYTES = 8192;
const TWIDDLE_BYTES = 6 * FLOAT_BYTES;

export type TransformResult = "complex" | "magnitude" | "power";

export interface RealTransform {
  readonly fftSize: number;
  readonly result: TransformResult;
  /** Of the twiddle table. */
  readonly twiddles: IntExpression;
  /** Where the transform is computed. */
  readonly scratch: IntExpression;
}

export class TransformWriter {
  private readonly k: KernelBuilder;
  private readonly v: VectorArithmetic;
  private readonly transform: RealTransform;
  private readonly vectorBytes: number;

  constructor(k: KernelBuilder, transform: RealTransform) {
    this.k = k;
    this.v = new VectorArithmetic(k);
    this.transform = transform;
    this.vectorBytes = k.machine.lanes * FLOAT_BYTES;
  }

  /**
   * Loads, windows and transforms the leaves.
   * @param frames address of each lane's first sample
   * @param window address of the window
   * @param leaves address of the leaf table
   */
  load(frames: readonly IntExpression[], window: IntExpression, leaves: IntExpression): void {
    const { k, v } = this;
    const { fftSize, scratch } = this.transform;
    const { lanes } = k.machine;
    const leaf = leafSize(fftSize);
    const leafBytes = (fftSize / leaf) * FLOAT_BYTES;
    k.loop(0, leafBytes, this.vectorBytes, (bytes) => {
      const windowAt = k.intVariable(k.add(window, bytes));
      const samples = Array.from({ length: leaf }, (_, q) => {
        const weights = k.let(k.load(windowAt, q * leafBytes));
        const rows = frames.map((frame) =>
          k.vectorVariable(k.binary("multiply", k.load(k.add(frame, bytes), q * leafBytes), weights)),
        );
        k.transpose(rows);
        return rows;
      });
      // The table has one word for each vector of samples.
      const entry = k.divide(bytes, lanes);
      const place = k.intVariable(k.add(scratch, k.loadInt(k.add(leaves, entry))));
      for (let lane = 0; lane < lanes; lane++) {
        const values = samples.map((rows) => rows[lane]);
        const bins = leaf === 4 ? leafOf4(v, values) : leafOf8(v, values);
        const first = leafPosition(fftSize, lane);
        bins.forEach((bin, i) => this.store(place, first + i, bin));
      }
    });
  }

  /** All passes. */
  combineAll(): void {
    const { fftSize, result, scratch } = this.transform;
    this.combineWhole(scratch, fftSize, result);
  }

  /** The passes of one transform of `size` that lies at `place`. */
  private combineWhole(place: IntExpression, size: number, result: TransformResult): void {
    const { k } = this;
    const leaf = leafSize(this.transform.fftSize);
    if (size === leaf) return;
    const quarter = size / 4;
    const quarterBytes = quarter * this.vectorBytes;
    if (size * this.vectorBytes > CACHED_BYTES) {
      k.loop(0, 4 * quarterBytes, quarterBytes, (bytes) =>
        this.combineWhole(k.intVariable(k.add(place, bytes)), quarter, "complex"),
      );
    } else {
      for (let length: number = leaf; length < quarter; length *= 4) {
        const step = 4 * length * this.vectorBytes;
        k.loop(0, size * this.vectorBytes, step, (bytes) =>
          this.pass(k.intVariable(k.add(place, bytes)), length, "complex"),
        );
      }
    }
    this.pass(place, quarter, result);
  }

  /** Combines the four transforms of `length` that lie one after the other at `place`. */
  private pass(place: IntExpression, length: number, result: TransformResult): void {
    this.ends(place, length, result);
    const { k, v } = this;
    const { fftSize, twiddles } = this.transform;
    const up = k.intVariable(k.add(place, this.vectorBytes));
    const down = k.intVariable(k.add(place, (length - 1) * this.vectorBytes));
    const first = twiddleOffset(fftSize, length) * FLOAT_BYTES;
    k.loop(first, first + (length / 2 - 1) * TWIDDLE_BYTES, TWIDDLE_BYTES, (bytes) => {
      const twiddle = k.intVariable(k.add(twiddles, bytes));
      const parts = [0, 1, 2, 3].map((q): Complex => {
        const part = { re: this.vector(up, q * length), im: this.vector(down, q * length) };
        if (q === 0) return part;
        const at = 2 * (q - 1) * FLOAT_BYTES;
        return v.turn(part, k.let(k.broadcast(twiddle, at)), k.let(k.broadcast(twiddle, at + FLOAT_BYTES)));
      });
      const [bin, aboveM, below2m, belowM] = combine(v, parts);
      this.storeBin(bin, { at: up, word: 0 }, { at: down, word: 3 * length }, result);
      this.storeBin(aboveM, { at: up, word: length }, { at: down, word: 2 * length }, result);
      this.storeBin(below2m, { at: down, word: length }, { at: up, word: 2 * length }, result);
      this.storeBin(belowM, { at: down, word: 0 }, { at: up, word: 3 * length }, result);
      k.increment(up, this.vectorBytes);
      k.increment(down, -this.vectorBytes);
    });
  }

  /** Bins j = 0 and j = m/2 of the parts, which are real. */
  private ends(place: IntExpression, length: number, result: TransformResult): void {
    const { v } = this;
    const parts = [0, 1, 2, 3];
    const middle = length / 2;
    const first = parts.map((q) => this.vector(place, q * length));
    const halves = parts.map((q) => this.vector(place, q * length + middle));
    const [bin0, re, bin2m, im] = leafOf4(v, first);
    const none = this.k.constant(0);
    const at = (word: number): Place => ({ at: place, word });
    this.storeBin({ re: bin0, im: none }, at(0), undefined, result);
    this.storeBin({ re, im }, at(length), at(3 * length), result);
    this.storeBin({ re: bin2m, im: none }, at(2 * length), undefined, result);
    const [low, high] = combineMiddle(v, halves);
    this.storeBin(low, at(middle), at(4 * length - middle), result);
    this.storeBin(high, at(length + middle), at(3 * length - middle), result);
  }

  /** @param imaginary where an imaginary part belongs; undefined for a bin without one. */
  private storeBin(bin: Complex, real: Place, imaginary: Place | undefined, result: TransformResult): void {
    const { k } = this;
    if (result === "complex") {
      this.store(real.at, real.word, bin.re);
      if (imaginary) this.store(imaginary.at, imaginary.word, bin.im);
      return;
    }
    const square = k.binary("multiply", bin.re, bin.re);
    const power = imaginary ? k.multiplyAdd(bin.im, bin.im, square) : square;
    this.store(real.at, real.word, result === "power" ? power : k.unary("sqrt", power));
  }

  private vector(place: IntExpression, word: number): VectorExpression {
    return this.k.let(this.k.load(place, word * this.vectorBytes));
  }

  private store(place: IntExpression, word: number, value: VectorExpression): void {
    this.k.store(place, word * this.vectorBytes, value);
  }
}

/** A word of the transform: `word` vectors after `at`. */
interface Place {
  readonly at: IntExpression;
  readonly word: number;
}
