/** @file Gradient ascent on inputs, with penalties that keep them plain. Browser-safe. */
import { sizeOf, type Shape } from "../tensor/shape.ts";

export interface AscentSettings {
  readonly learningRate: number;
  readonly l2: number;
  readonly smoothness: number;
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Adam's rule (Kingma and Ba 2015, arXiv:1412.6980), upwards, for some inputs of one shape. */
export class AscentByAdam {
  private readonly shape: Shape;
  private readonly settings: AscentSettings;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;
  private step = 0;

  /** @param shape the shape of one input, `[…, C]` */
  constructor(shape: Shape, count: number, settings: AscentSettings) {
    this.shape = shape;
    this.settings = settings;
    this.means = new Float64Array(count * sizeOf(shape));
    this.squares = new Float64Array(count * sizeOf(shape));
  }

  /** Moves the inputs, in place, by the gradients of their activations and of the penalties. */
  update(values: Float32Array, gradients: Float32Array): void {
    const { learningRate, l2 } = this.settings;
    const size = sizeOf(this.shape);
    const slopes = this.roughness(values);
    this.step++;
    const scale = (learningRate * Math.sqrt(1 - BETA_2 ** this.step)) / (1 - BETA_1 ** this.step);
    for (let i = 0; i < values.length; i++) {
      const gradient = gradients[i] - (2 * l2 * values[i]) / size - slopes[i];
      this.means[i] += (1 - BETA_1) * (gradient - this.means[i]);
      this.squares[i] += (1 - BETA_2) * (gradient * gradient - this.squares[i]);
      values[i] += (scale * this.means[i]) / (Math.sqrt(this.squares[i]) + EPSILON);
    }
  }

  /** The gradient of smoothness·mean(differences²) of neighbours along all axes but the channels'. */
  private roughness(values: Float32Array): Float64Array {
    const slopes = new Float64Array(values.length);
    const { smoothness } = this.settings;
    const size = sizeOf(this.shape);
    let stride = this.shape[this.shape.length - 1];
    for (let axis = this.shape.length - 2; axis >= 0 && smoothness > 0; axis--) {
      const length = this.shape[axis];
      for (let i = 0; i < values.length; i++) {
        if (Math.floor(i / stride) % length === length - 1) continue;
        const slope = (2 * smoothness * (values[i + stride] - values[i])) / size;
        slopes[i + stride] += slope;
        slopes[i] -= slope;
      }
      stride *= length;
    }
    return slopes;
  }
}
