/** @file The choice of an algorithm for a convolution or for its filter gradient, where several can do it. */
import type { Algorithm, Lowering } from "../../graph/lowering.ts";
import { multiplyAddsOf, type ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { dataKey } from "../../kernels/request-key.ts";
import type { MachineTraits } from "../../machine/ir.ts";

export type GeometryTest = (geometry: ConvolutionGeometry, machine: MachineTraits) => boolean;

export const always: GeometryTest = () => true;

/** One algorithm for convolutions of some geometries, or for their filter gradients. */
export interface ConvolutionAlgorithm {
  readonly name: string;
  readonly isPossible: GeometryTest;
  /** Whether the fixed rule takes it, of those that are possible. */
  readonly isPreferred: GeometryTest;
  lower(lowering: Lowering, geometry: ConvolutionGeometry): void;
}

export function inputWords({ batch, inputHeight, inputWidth, inputChannels }: ConvolutionGeometry): number {
  return batch * inputHeight * inputWidth * inputChannels;
}

export function outputWords({
  batch,
  outputHeight,
  outputWidth,
  outputChannels,
}: ConvolutionGeometry): number {
  return batch * outputHeight * outputWidth * outputChannels;
}

/** Multiply-adds that a measurement should do at least, if there are enough images: one or two milliseconds of work. */
const SAMPLE_MULTIPLY_ADDS = 5e7;

function sampleGeometry(geometry: ConvolutionGeometry): ConvolutionGeometry {
  const perImage = multiplyAddsOf({ ...geometry, batch: 1 });
  return { ...geometry, batch: Math.min(geometry.batch, Math.ceil(SAMPLE_MULTIPLY_ADDS / perImage)) };
}

/**
 * Lowers by one of several algorithms. The fixed rule takes the first that is preferred.
 * @param what the operation, as stored choices name it
 */
export function chooseAmong(
  lowering: Lowering,
  what: string,
  geometry: ConvolutionGeometry,
  operation: {
    readonly algorithms: readonly ConvolutionAlgorithm[];
    words(geometry: ConvolutionGeometry): { inputs: readonly number[]; output: number };
  },
): void {
  const { machine } = lowering;
  const possible = operation.algorithms.filter(({ isPossible }) => isPossible(geometry, machine));
  const preferred = possible.find(({ isPreferred }) => isPreferred(geometry, machine));
  possible.sort((a, b) => Number(b === preferred) - Number(a === preferred));
  const algorithmsFor = (sizes: ConvolutionGeometry): Algorithm[] =>
    possible.map((algorithm) => ({
      name: algorithm.name,
      lower: (into) => algorithm.lower(into, sizes),
    }));
  const chosen = lowering.choose({
    key: `${what} ${dataKey(geometry)}`,
    algorithms: algorithmsFor(geometry),
    sample: () => {
      const sizes = sampleGeometry(geometry);
      return { algorithms: algorithmsFor(sizes), ...operation.words(sizes) };
    },
  });
  chosen.lower(lowering);
}
