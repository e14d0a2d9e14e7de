/** @file Loss surfaces over two weights, in the engine's operations. */
import { compile, floatArray, type Tensor } from "auricle";
import { add, multiply, square, subtract } from "auricle/ops";

export const SURFACE_NAMES = ["valley", "saddle", "twoMinima", "noisy"] as const;
export type SurfaceName = (typeof SURFACE_NAMES)[number];

export interface Surface {
  readonly title: string;
  readonly says: string;
  /** The loss, element by element; 0 at its lowest. */
  readonly height: (x: Tensor, y: Tensor) => Tensor;
  /** Where paths begin unless the reader moves it. */
  readonly start: readonly [x: number, y: number];
  /** The standard deviation of what a batch adds to each gradient. */
  readonly noise: number;
}

/** Both weights go from -LIMIT to LIMIT. */
export const LIMIT = 2;

export const SURFACES: Readonly<Record<SurfaceName, Surface>> = {
  valley: {
    title: "Valley",
    says: "0.1·x² + 5·y²: fifty times as steep across as along",
    height: (x, y) => add(multiply(square(x), 0.1), multiply(square(y), 5)),
    start: [-1.8, 0.8],
    noise: 0,
  },
  saddle: {
    title: "Saddle",
    says: "x²/2 − y²/2 + y⁴/10: level in the middle, and down only sideways",
    height: (x, y) =>
      add(
        subtract(multiply(square(x), 0.5), multiply(square(y), 0.5)),
        add(multiply(square(square(y)), 0.1), 0.625),
      ),
    start: [-1.7, 0.001],
    noise: 0,
  },
  twoMinima: {
    title: "Two minima",
    says: "(x² − 1)²/2 + x/4 + y²/2: the nearer one is not the lower one",
    height: (x, y) =>
      add(
        add(multiply(square(subtract(square(x), 1)), 0.5), multiply(x, 0.25)),
        add(multiply(square(y), 0.5), 0.2574),
      ),
    start: [1.8, 1.2],
    noise: 0,
  },
  noisy: {
    title: "Noisy",
    says: "x²/4 + 2·y², and each gradient is off by 1.5 at random, as that of a small batch is",
    height: (x, y) => add(multiply(square(x), 0.25), multiply(square(y), 2)),
    start: [-1.8, 1.2],
    noise: 1.5,
  },
};

/** Heights on a square grid, row by row from y = LIMIT down, each row from x = -LIMIT; pixels' middles. */
export function heightsOf(name: SurfaceName, side: number): Float32Array {
  const place = (i: number) => (LIMIT * (2 * (i + 0.5))) / side - LIMIT;
  const count = side * side;
  const run = compile((x, y) => SURFACES[name].height(x, y), [[count], [count]], { threads: 1 });
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) {
    x[i] = place(i % side);
    y[i] = -place(Math.floor(i / side));
  }
  return Float32Array.from(run(floatArray(x, [count]), floatArray(y, [count])).data);
}
