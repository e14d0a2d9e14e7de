/**
 * @file The real Fourier transform of `lanes` / 2 frames at once, in double precision: quiet bins are as exact as loud ones. Every
 * operation is rounded by itself, so the bins are the same on all targets.
 *
 *   leaves    few samples of every frame times the window, transformed and stored where the leaf belongs
 *   passes    depth first: the four quarters of a transform, then the pass that combines them, so that a quarter's
 *             passes find it in the first-level cache
 *   last pass writes the requested quantity, rounded to floats: real and imaginary parts in turn, |bin|² or |bin|
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, VectorExpression } from "../../machine/ir.ts";
import { DOUBLE_BYTES, FLOAT_BYTES } from "../kernel.ts";
import { combine, combineMiddle, DoubleArithmetic, leafOf4, leafOf8, type Complex } from "./butterflies.ts";
import { writeDirectTransform } from "./direct-transform.ts";
import { complexBins, hasDirectLeaves, leafSize, twiddleOffset } from "./transform-plan.ts";

/** Transforms of at most this many bytes are combined pass by pass; longer ones quarter by quarter. */
const CACHED_BYTES = 8192;
const TWIDDLE_BYTES = 6 * DOUBLE_BYTES;

export type TransformResult = "complex" | "magnitude" | "power";

/** Addresses of the tables: see transform-plan.ts. */
export interface TransformTables {
  /** fftSize numbers in double precision. */
  readonly window: IntExpression;
  readonly twiddles: IntExpression;
  readonly leaves: IntExpression;
  readonly roots: IntExpression;
}

export interface TransformPlaces {
  /** Sample i of the frames: `lanes` / 2 floats at i vectors from here. */
  readonly samples: IntExpression;
  /** fftSize vectors in which the transform is computed. */
  readonly work: IntExpression;
  /** As many vectors as a leaf has samples, where leaves are summed directly. */
  readonly folded: IntExpression;
  /** Word i of the result: `lanes` / 2 floats at i vectors from here; a bin's are real and imaginary part, or one. */
  readonly result: IntExpression;
}

/** A word of the transform: `word` vectors after `at`. */
interface Place {
  readonly at: IntExpression;
  readonly word: number;
}

export class TransformWriter {
  private readonly k: KernelBuilder;
  private readonly v: DoubleArithmetic;
  private readonly fftSize: number;
  private readonly kind: TransformResult;
  private readonly tables: TransformTables;
  private readonly places: TransformPlaces;
  private readonly vectorBytes: number;
  /** The size of a bin of the result. */
  private readonly binBytes: number;

  constructor(
    k: KernelBuilder,
    fftSize: number,
    kind: TransformResult,
    tables: TransformTables,
    places: TransformPlaces,
  ) {
    this.k = k;
    this.v = new DoubleArithmetic(k);
    this.fftSize = fftSize;
    this.kind = kind;
    this.tables = tables;
    this.places = places;
    this.vectorBytes = k.machine.lanes * FLOAT_BYTES;
    this.binBytes = kind === "complex" ? 2 * this.vectorBytes : this.vectorBytes;
  }

  write(): void {
    const { fftSize, places } = this;
    this.leaves();
    this.combineWhole(places.work, fftSize, true);
  }

  /** Windows and transforms the leaves. */
  private leaves(): void {
    const { k, fftSize, tables, places, vectorBytes } = this;
    const leaf = leafSize(fftSize);
    const count = fftSize / leaf;
    const sample = k.intVariable(places.samples);
    const weight = k.intVariable(tables.window);
    k.loop(0, count * FLOAT_BYTES, FLOAT_BYTES, (entry) => {
      const at = k.intVariable(k.add(places.work, k.loadInt(k.add(tables.leaves, entry))));
      if (hasDirectLeaves(fftSize)) this.directLeaf(sample, weight, at);
      else this.writtenLeaf(sample, weight, at);
      k.increment(sample, vectorBytes);
      k.increment(weight, DOUBLE_BYTES);
    });
  }

  /** A sample of every frame, times its weight. */
  private windowed(sample: IntExpression, weight: IntExpression, number: number): VectorExpression {
    const { k, vectorBytes } = this;
    const floats = k.load(sample, number * vectorBytes, k.machine.lanes / 2);
    return this.v.multiply(k.unary("toDoubles", floats), k.broadcastDouble(weight, number * DOUBLE_BYTES));
  }

  private writtenLeaf(sample: IntVariable, weight: IntVariable, at: IntVariable): void {
    const leaf = leafSize(this.fftSize);
    const values = Array.from({ length: leaf }, (_, q) =>
      this.windowed(sample, weight, (q * this.fftSize) / leaf),
    );
    const bins = leaf === 4 ? leafOf4(this.v, values) : leafOf8(this.v, values);
    bins.forEach((bin, i) => this.store(at, i, bin));
  }

  private directLeaf(sample: IntVariable, weight: IntVariable, at: IntVariable): void {
    const { k, fftSize, places, vectorBytes } = this;
    const leaf = leafSize(fftSize);
    const step = fftSize / leaf;
    writeDirectTransform(k, this.v, leaf, {
      roots: this.tables.roots,
      folded: places.folded,
      sampleAt: (number) =>
        typeof number === "number"
          ? this.windowed(sample, weight, number * step)
          : this.windowed(
              k.intVariable(k.add(sample, k.multiply(number, step * vectorBytes))),
              k.intVariable(k.add(weight, k.multiply(number, step * DOUBLE_BYTES))),
              0,
            ),
      store: (bin, number, hasImaginary) => {
        const words = k.int(number);
        if (leaf === fftSize) {
          this.storeResult(bin, k.intVariable(k.add(places.result, k.multiply(words, this.binBytes))), 0);
          return;
        }
        const up = k.intVariable(k.add(at, k.multiply(words, vectorBytes)));
        this.store(up, 0, bin.re);
        if (!hasImaginary) return;
        this.store(k.add(at, k.multiply(k.subtract(leaf, words), vectorBytes)), 0, bin.im);
      },
    });
  }

  /** The passes of one transform of `size` that lies at `place`. */
  private combineWhole(place: IntExpression, size: number, isLast: boolean): void {
    const { k } = this;
    const leaf = leafSize(this.fftSize);
    if (size === leaf) return;
    const quarter = size / 4;
    const quarterBytes = quarter * this.vectorBytes;
    if (size * this.vectorBytes > CACHED_BYTES) {
      if (quarter > leaf) {
        k.loop(0, 4 * quarterBytes, quarterBytes, (bytes) =>
          this.combineWhole(k.intVariable(k.add(place, bytes)), quarter, false),
        );
      }
    } else {
      for (let length = leaf; length < quarter; length *= 4) {
        const step = 4 * length * this.vectorBytes;
        k.loop(0, size * this.vectorBytes, step, (bytes) =>
          this.pass(k.intVariable(k.add(place, bytes)), length, false),
        );
      }
    }
    this.pass(place, quarter, isLast);
  }

  /** Combines the four transforms of `length` that lie one after the other at `place`. */
  private pass(place: IntExpression, length: number, isLast: boolean): void {
    this.ends(place, length, isLast);
    const { k, v, vectorBytes } = this;
    const count = complexBins(length);
    if (count === 0) return;
    const up = k.intVariable(k.add(place, vectorBytes));
    const down = k.intVariable(k.add(place, (length - 1) * vectorBytes));
    const store = isLast ? this.resultWriter(length) : this.partWriter(up, down, length);
    const first = twiddleOffset(this.fftSize, length);
    k.loop(first, first + count * TWIDDLE_BYTES, TWIDDLE_BYTES, (bytes) => {
      const twiddle = k.intVariable(k.add(this.tables.twiddles, bytes));
      const parts = [0, 1, 2, 3].map((q): Complex => {
        const part = { re: this.vector(up, q * length), im: this.vector(down, q * length) };
        if (q === 0) return part;
        const at = 2 * (q - 1) * DOUBLE_BYTES;
        const [cos, sin] = [at, at + DOUBLE_BYTES].map((place) => k.let(k.broadcastDouble(twiddle, place)));
        return v.turn(part, cos, sin);
      });
      store(combine(v, parts));
      k.increment(up, vectorBytes);
      k.increment(down, -vectorBytes);
    });
  }

  /** Stores bins j, m + j, 2m - j and m - j where the parts' bins were. */
  private partWriter(up: IntVariable, down: IntVariable, length: number): (bins: readonly Complex[]) => void {
    return ([bin, aboveM, below2m, belowM]) => {
      this.storePart(bin, { at: up, word: 0 }, { at: down, word: 3 * length });
      this.storePart(aboveM, { at: up, word: length }, { at: down, word: 2 * length });
      this.storePart(below2m, { at: down, word: length }, { at: up, word: 2 * length });
      this.storePart(belowM, { at: down, word: 0 }, { at: up, word: 3 * length });
    };
  }

  /** Stores bins j, m + j, 2m - j and m - j of the result, j = 1, 2 … */
  private resultWriter(length: number): (bins: readonly Complex[]) => void {
    const { k, binBytes } = this;
    const up = k.intVariable(k.add(this.places.result, binBytes));
    const down = k.intVariable(k.add(this.places.result, (length - 1) * binBytes));
    return ([bin, aboveM, below2m, belowM]) => {
      this.storeResult(bin, up, 0);
      this.storeResult(aboveM, up, length);
      this.storeResult(below2m, down, length);
      this.storeResult(belowM, down, 0);
      k.increment(up, binBytes);
      k.increment(down, -binBytes);
    };
  }

  /** Bins j = 0 and, of even lengths m, j = m/2 of the parts, which are real. */
  private ends(place: IntExpression, length: number, isLast: boolean): void {
    const { v } = this;
    const parts = [0, 1, 2, 3];
    const middle = length / 2;
    const first = parts.map((q) => this.vector(place, q * length));
    const halves = length % 2 === 0 ? parts.map((q) => this.vector(place, q * length + middle)) : undefined;
    const store = (bin: Complex, number: number, hasImaginary = true) => {
      if (isLast) return this.storeResult(bin, this.places.result, number);
      const imaginary = hasImaginary ? { at: place, word: 4 * length - number } : undefined;
      this.storePart(bin, { at: place, word: number }, imaginary);
    };
    const none = this.k.doubleConstant(0);
    const [bin0, re, bin2m, im] = leafOf4(v, first);
    store({ re: bin0, im: none }, 0, false);
    store({ re, im }, length);
    store({ re: bin2m, im: none }, 2 * length, false);
    if (!halves) return;
    const [low, high] = combineMiddle(v, halves);
    store(low, middle);
    store(high, length + middle);
  }

  private storePart(bin: Complex, real: Place, imaginary: Place | undefined): void {
    this.store(real.at, real.word, bin.re);
    if (imaginary) this.store(imaginary.at, imaginary.word, bin.im);
  }

  /** Stores the requested quantity of a bin, `number` bins after `at`. */
  private storeResult({ re, im }: Complex, at: IntExpression, number: number): void {
    const { k, v, kind } = this;
    const offset = number * this.binBytes;
    const store = (bytes: number, value: VectorExpression) => k.store(at, bytes, value, k.machine.lanes / 2);
    if (kind === "complex") {
      store(offset, k.unary("fromDoubles", re));
      store(offset + this.vectorBytes, k.unary("fromDoubles", im));
      return;
    }
    const power = k.unary("fromDoubles", v.add(v.multiply(im, im), v.multiply(re, re)));
    store(offset, kind === "power" ? power : k.unary("sqrt", power));
  }

  private vector(place: IntExpression, word: number): VectorExpression {
    return this.k.let(this.k.load(place, word * this.vectorBytes));
  }

  private store(place: IntExpression, word: number, value: VectorExpression): void {
    this.k.store(place, word * this.vectorBytes, value);
  }
}
