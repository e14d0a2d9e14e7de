/**
 * @file Short-time Fourier transform: windowed frames of waveforms to complex bins, magnitudes, powers, or to the bands
 * of a filter bank over the latter two.
 *
 *   for unit (example, block of `lanes` frames; lane = frame):
 *     copy the frames that reach beyond the waveform, padded, and transpose all
 *     transform, the first half of the lanes and then the other      real-transform.ts
 *     band sums, if there is a filter bank             band-sums.ts, in scratch memory
 *     store, transposed
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { writeBandSums } from "./band-sums.ts";
import { frameAddresses } from "./frames.ts";
import { TransformWriter } from "./real-transform.ts";
import { loadRows, rowNumbers, storeRows } from "./rows.ts";
import { hasDirectLeaves, leafSize } from "./transform-plan.ts";
import { machineKernel } from "../library.ts";
import type { SpectrogramRequest } from "../requests.ts";

/** Floats of one frame's result. */
export function resultWords({ geometry: { fftSize }, result, bands }: SpectrogramRequest): number {
  return result === "complex" ? fftSize + 2 : (bands ?? fftSize / 2 + 1);
}

/** Scratch memory, in vectors of `lanes` floats: the result of all frames, then what the transform needs. */
function scratchAreas(request: SpectrogramRequest) {
  const { fftSize } = request.geometry;
  const bands = request.bands ?? 0;
  const bins = resultWords({ ...request, bands: undefined });
  const folded = hasDirectLeaves(fftSize) ? leafSize(fftSize) : 0;
  const [work, samples] = [bins, bins + fftSize];
  const end = samples + fftSize;
  // When the band sums are made the transform is done with.
  return { work, samples, folded: end, sums: work, size: Math.max(end + folded, work + bands) };
}

export const SPECTROGRAM = machineKernel("spectrogram", spectrogramKernel);

/** Pointers: waveforms, window, twiddles, leaves, roots, with a filter bank its ranges and weights; output. */
export function spectrogramKernel(request: SpectrogramRequest, machine: MachineTraits): Kernel {
  const { geometry, result, bands } = request;
  const { batch, samples, frames, fftSize } = geometry;
  const k = new KernelBuilder(machine, FIRST_POINTER + (bands === undefined ? 6 : 8));
  const [start, end, scratch, waveforms, window, twiddles, leaves, roots] = k.parameters;
  const [ranges, weights] = k.parameters.slice(-3);
  const output = k.parameters[k.parameters.length - 1];
  const { lanes } = machine;
  const vectorBytes = lanes * FLOAT_BYTES;
  const blocks = Math.ceil(frames / lanes);
  const words = resultWords(request);
  const areas = scratchAreas(request);
  k.loop(start, end, 1, (unit) => {
    const area = (vectors: number) => k.intVariable(k.add(scratch, vectors * vectorBytes));
    const example = k.intVariable(k.divide(unit, blocks));
    const numbers = rowNumbers(k, k.multiply(k.remainder(unit, blocks), lanes), frames);
    const waveform = k.intVariable(k.add(waveforms, k.multiply(example, samples * FLOAT_BYTES)));
    const work = area(areas.work);
    const columns = area(areas.samples);
    // The copied frames are done with when the transform begins.
    loadRows(k, frameAddresses(k, geometry, waveform, numbers, work), columns, fftSize);
    const folded = area(areas.folded);
    k.loop(0, vectorBytes, vectorBytes / 2, (half) => {
      const places = {
        samples: k.intVariable(k.add(columns, half)),
        work,
        folded,
        result: k.intVariable(k.add(scratch, half)),
      };
      new TransformWriter(k, fftSize, result, { window, twiddles, leaves, roots }, places).write();
    });
    const firstRow = k.intVariable(k.multiply(example, frames));
    const rows = numbers.map((frame) =>
      k.intVariable(k.add(output, k.multiply(k.add(firstRow, frame), words * FLOAT_BYTES))),
    );
    if (bands !== undefined) {
      const sums = area(areas.sums);
      writeBandSums(k, bands, { ranges, weights }, scratch, sums);
      storeRows(k, sums, rows, bands);
    } else storeRows(k, scratch, rows, words);
  });
  return { code: k.finish(), units: batch * blocks, scratchBytes: areas.size * vectorBytes };
}
