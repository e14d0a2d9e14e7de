/**
 * @file Short-time Fourier transform: windowed frames of waveforms to complex bins, magnitudes, powers, or to the bands
 * of a filter bank over the latter two.
 *
 *   for unit (example, block of `lanes` frames; lane = frame):
 *     copy the frames that reach beyond the waveform, padded
 *     transform                                        real-transform.ts, in scratch memory
 *     band sums, if there is a filter bank             band-sums.ts, from scratch memory to scratch memory
 *     store, transposed
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { writeBandSums } from "./band-sums.ts";
import { frameAddresses } from "./frames.ts";
import { frameGeometryKey, type FrameGeometry } from "./geometry.ts";
import { TransformWriter, type TransformResult } from "./real-transform.ts";
import { rowNumbers, storeColumns, storeRows } from "./rows.ts";

export interface SpectrogramRequest {
  readonly geometry: FrameGeometry;
  readonly result: TransformResult;
  /** Bands of the filter bank; undefined without one. Not with complex results. */
  readonly bands: number | undefined;
}

export function spectrogramKey({ geometry, result, bands }: SpectrogramRequest): string {
  return `spectrogram ${result} ${frameGeometryKey(geometry)} bands ${bands ?? "none"}`;
}

/** Floats of one frame's result. */
export function resultWords({ geometry: { fftSize }, result, bands }: SpectrogramRequest): number {
  return result === "complex" ? fftSize + 2 : (bands ?? fftSize / 2 + 1);
}

/** Pointers: waveforms, window, twiddle table, leaf table, with a filter bank its ranges and weights; output. */
export function spectrogramKernel(request: SpectrogramRequest, machine: MachineTraits): Kernel {
  const { geometry, result, bands } = request;
  const { batch, samples, frames, fftSize } = geometry;
  const k = new KernelBuilder(machine, FIRST_POINTER + (bands === undefined ? 5 : 7));
  const [start, end, scratch, waveforms, window, twiddles, leaves] = k.parameters;
  const [ranges, weights] = k.parameters.slice(-3);
  const output = k.parameters[k.parameters.length - 1];
  const { lanes } = machine;
  const vectorBytes = lanes * FLOAT_BYTES;
  const blocks = Math.ceil(frames / lanes);
  const words = resultWords(request);
  // The copied frames are done with when the band sums are made.
  const transformBytes = fftSize * vectorBytes;
  k.loop(start, end, 1, (unit) => {
    const example = k.intVariable(k.divide(unit, blocks));
    const numbers = rowNumbers(k, k.multiply(k.remainder(unit, blocks), lanes), frames);
    const waveform = k.intVariable(k.add(waveforms, k.multiply(example, samples * FLOAT_BYTES)));
    const second = k.intVariable(k.add(scratch, transformBytes));
    const addresses = frameAddresses(k, geometry, waveform, numbers, second);
    const writer = new TransformWriter(k, { fftSize, result, twiddles, scratch });
    writer.load(addresses, window, leaves);
    writer.combineAll();
    const firstRow = k.intVariable(k.multiply(example, frames));
    const rows = numbers.map((frame) =>
      k.intVariable(k.add(output, k.multiply(k.add(firstRow, frame), words * FLOAT_BYTES))),
    );
    if (bands !== undefined) {
      writeBandSums(k, bands, { ranges, weights }, scratch, second);
      storeRows(k, second, rows, bands);
    } else if (result === "complex") storeComplex(k, fftSize, scratch, rows);
    else storeRows(k, scratch, rows, fftSize / 2 + 1);
  });
  const secondBytes = Math.max(transformBytes, (bands ?? 0) * vectorBytes);
  return { code: k.finish(), units: batch * blocks, scratchBytes: transformBytes + secondBytes };
}

/** The half-complex transform as pairs of real and imaginary parts. */
function storeComplex(
  k: KernelBuilder,
  fftSize: number,
  scratch: IntExpression,
  rows: readonly IntExpression[],
): void {
  const { lanes } = k.machine;
  const vectorBytes = lanes * FLOAT_BYTES;
  const pairs = lanes / 2;
  const up = k.intVariable(scratch);
  const down = k.intVariable(k.add(scratch, fftSize * vectorBytes));
  const zero = k.constant(0);
  const store = (bytes: IntExpression | number, hasImaginary: boolean) => {
    const columns = Array.from({ length: pairs }, (_, pair) => [
      k.vectorVariable(k.load(up, pair * vectorBytes)),
      k.vectorVariable(pair > 0 || hasImaginary ? k.load(down, -pair * vectorBytes) : zero),
    ]).flat();
    storeColumns(k, columns, rows, bytes);
    k.increment(up, pairs * vectorBytes);
    k.increment(down, -pairs * vectorBytes);
  };
  // Bin 0 has no imaginary part, and neither has the last bin.
  store(0, false);
  k.loop(vectorBytes, fftSize * FLOAT_BYTES, vectorBytes, (bytes) => store(bytes, true));
  const last = k.vectorVariable(k.load(up));
  const others = Array.from({ length: lanes - 1 }, () => k.vectorVariable(zero));
  storeColumns(k, [last, ...others], rows, fftSize * FLOAT_BYTES, 2);
}
