/** @file Coordinates in which inputs are climbed: x = center + scale·z. Browser-safe. */
import { AuricleError } from "../errors.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";

/** One number for all elements of an input, or one for each, row-major. */
export type PerElement = number | ArrayLike<number>;

export interface CoordinateOptions {
  /** The typical value of an element. Default 0. */
  readonly center?: PerElement;
  /** The typical deviation of an element, above 0: noise, updates and penalties are counted in it. Default 1. */
  readonly scale?: PerElement;
  /** The least and the greatest value that an element may have. Default: any. */
  readonly range?: readonly [least: number, greatest: number];
}

export class Coordinates {
  private readonly size: number;
  private readonly center: (element: number) => number;
  private readonly scale: (element: number) => number;
  private readonly least: number;
  private readonly greatest: number;

  /** @param shape the shape of one input @throws AuricleError "argument" for numbers that make no sense, or too few of them */
  constructor(shape: Shape, { center = 0, scale = 1, range = [-Infinity, Infinity] }: CoordinateOptions) {
    this.size = sizeOf(shape);
    this.center = elementsOf("center", center, shape, (value) => Number.isFinite(value));
    this.scale = elementsOf("scale", scale, shape, (value) => value > 0 && value < Infinity);
    [this.least, this.greatest] = range;
  }

  /** The inputs at z, within the range. */
  inputs(z: Float32Array): Float32Array {
    return z.map((value, i) => this.held(this.center(i % this.size) + this.scale(i % this.size) * value));
  }

  /** The z of inputs. */
  of(x: Float32Array): Float32Array {
    return x.map((value, i) => (value - this.center(i % this.size)) / this.scale(i % this.size));
  }

  /** The gradients with respect to z, from those with respect to x. */
  gradients(x: Float32Array): Float32Array {
    return x.map((value, i) => value * this.scale(i % this.size));
  }

  /** Moves z back, in place, to where its input is within the range. */
  hold(z: Float32Array): void {
    if (this.least === -Infinity && this.greatest === Infinity) return;
    for (let i = 0; i < z.length; i++) {
      const [center, scale] = [this.center(i % this.size), this.scale(i % this.size)];
      z[i] = Math.min((this.greatest - center) / scale, Math.max((this.least - center) / scale, z[i]));
    }
  }

  private held(x: number): number {
    return Math.min(this.greatest, Math.max(this.least, x));
  }
}

function elementsOf(
  name: string,
  given: PerElement,
  shape: Shape,
  isUsable: (value: number) => boolean,
): (element: number) => number {
  const values = typeof given === "number" ? [given] : Array.from(given);
  const wrong = values.find((value) => !isUsable(value));
  if (wrong !== undefined) {
    const rule = name === "scale" ? "above 0" : "finite";
    throw new AuricleError("argument", `maximizeActivation: ${name} must be ${rule}; got ${wrong}`);
  }
  if (typeof given === "number") return () => given;
  if (values.length === sizeOf(shape)) return (element) => values[element];
  throw new AuricleError(
    "shape",
    `maximizeActivation: ${name} must be one number, or one for each of the ${sizeOf(shape)} elements of ` +
      `${formatShape(shape)}; got ${values.length}`,
  );
}
