/** @file The ways to compute convolutions or their filter gradients as a list, and the rule that picks one. */
import { machineFor, withVectorsFor, type Algorithm, type Lowering } from "../../graph/lowering.ts";
import { multiplyAddsOf, type ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { dataKey } from "../../kernels/request-key.ts";
import type { MachineTraits } from "../../machine/ir.ts";

/** A task that convolutions' algorithms compute. */
interface AnyConvolution {
  readonly geometry: ConvolutionGeometry;
}

/** One algorithm: what it can compute, where it is the fastest, and the kernels that it calls. */
export interface ConvolutionAlgorithm<T extends AnyConvolution> {
  readonly name: string;
  /** Whether it can compute a convolution at all. */
  supports(geometry: ConvolutionGeometry, machine: MachineTraits): boolean;
  /** Whether it can compute one with these operands, and gains something by it. Default: any. */
  suits?(task: T, lowering: Lowering): boolean;
  /** Whether it has been measured to be faster than all that come after it. Default: nowhere. */
  isFastest?(geometry: ConvolutionGeometry, machine: MachineTraits): boolean;
  /** The estimated time of an image, in vector multiply-add instructions. Default: Infinity, never chosen by estimate. */
  time?(geometry: ConvolutionGeometry, machine: MachineTraits): number;
  /** How many numbers lie side by side along its vectors, where it is faster with vectors that they fill. Default: any number. */
  vectorAxis?(geometry: ConvolutionGeometry): number;
  /** Asks for the kernels. */
  lower(lowering: Lowering, task: T): void;
}

/** All algorithms for one kind of task; the last one computes everything. */
export interface AlgorithmList<T extends AnyConvolution> {
  /** The kind of task, as stored choices name it. */
  readonly name: string;
  readonly algorithms: readonly ConvolutionAlgorithm<T>[];
  /** The sizes of operands and result. */
  words(task: T): { readonly inputs: readonly number[]; readonly output: number };
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

function sampleOf<T extends AnyConvolution>(task: T): T {
  const { geometry } = task;
  const perImage = multiplyAddsOf({ ...geometry, batch: 1 });
  const batch = Math.min(geometry.batch, Math.ceil(SAMPLE_MULTIPLY_ADDS / perImage));
  return { ...task, geometry: { ...geometry, batch } };
}

/** The time of an instruction on half as many lanes, of one on all of them. */
const NARROW_TIME = 0.8;

/** The machine with the vectors that an algorithm takes. */
function machineOf<T extends AnyConvolution>(
  one: ConvolutionAlgorithm<T>,
  geometry: ConvolutionGeometry,
  machine: MachineTraits,
): MachineTraits {
  return machineFor(one.vectorAxis?.(geometry) ?? Infinity, machine);
}

function timeOf<T extends AnyConvolution>(
  one: ConvolutionAlgorithm<T>,
  geometry: ConvolutionGeometry,
  machine: MachineTraits,
): number {
  const own = machineOf(one, geometry, machine);
  const time = one.time?.(geometry, own) ?? Infinity;
  return own === machine ? time : NARROW_TIME * time;
}

/** The fixed rule: the first that is measured to be the fastest, or that is estimated to beat all after it. */
export function byRule<T extends AnyConvolution>(
  supported: readonly ConvolutionAlgorithm<T>[],
  geometry: ConvolutionGeometry,
  machine: MachineTraits,
): ConvolutionAlgorithm<T> | undefined {
  const times = supported.map((one) => timeOf(one, geometry, machine));
  return supported.find(
    (one, i) =>
      one.isFastest?.(geometry, machineOf(one, geometry, machine)) === true ||
      (times[i] < Infinity && times.slice(i + 1).every((later) => times[i] < later)),
  );
}

/** Lowers a task by one of the algorithms. */
export function lowerByOne<T extends AnyConvolution>(
  lowering: Lowering,
  task: T,
  { name, algorithms, words }: AlgorithmList<T>,
): void {
  const { machine } = lowering;
  const { geometry } = task;
  const supported = algorithms.filter(
    (one) =>
      one.supports(geometry, machineOf(one, geometry, machine)) && one.suits?.(task, lowering) !== false,
  );
  const names = supported.map((one) => one.name).join(", ");
  const preferred = byRule(supported, geometry, machine);
  supported.sort((a, b) => Number(b === preferred) - Number(a === preferred));
  const algorithmsFor = (sizes: T): Algorithm[] =>
    supported.map((one) => ({
      name: one.name,
      lower: (into) => one.lower(withVectorsFor(one.vectorAxis?.(geometry) ?? Infinity, into), sizes),
    }));
  const chosen = lowering.choose({
    key: `${name} by ${names}: ${dataKey(geometry)}`,
    algorithms: algorithmsFor(task),
    sample: () => {
      const sizes = sampleOf(task);
      return { algorithms: algorithmsFor(sizes), ...words(sizes) };
    },
  });
  chosen.lower(lowering);
}
