import { machineLowering } from "../graph/task-library.ts";
import { SPECTROGRAM } from "../kernels/fourier/spectrogram.ts";
import { doubleTable, transformTables } from "../kernels/fourier/transform-plan.ts";
import { bankBuffers, tableBuffer } from "./tables.ts";

export const SPECTROGRAM_TASK = machineLowering("spectrogram", {
  lower: ({ geometry, result, window, bank }, { machine, inputs, output, call }) => {
    const tables = [doubleTable(window), ...transformTables(geometry.fftSize, machine.lanes)].map(
      tableBuffer,
    );
    const reads = [...inputs, ...tables, ...(bank ? bankBuffers(bank) : [])];
    call({ kind: SPECTROGRAM, geometry, result, bands: bank?.bands }, reads, [output]);
  },
});
