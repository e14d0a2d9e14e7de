/** @file Writes the sums of a scattering convolution to the output, after the epilogue. */
import type { Int, KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable } from "../../../machine/ir.ts";
import type { Epilogue } from "../../epilogue.ts";
import type { EpilogueParameters } from "../../epilogue-parameters.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import { TileEpilogue } from "../../tile-epilogue.ts";
import type { ConvolutionGeometry } from "../geometry.ts";
import type { RunAxis } from "../../requests.ts";
import type { Frame } from "./frame.ts";

export class FrameWriter {
  private readonly k: KernelBuilder;
  private readonly parameters: EpilogueParameters;
  /** As the output lies. */
  private readonly geometry: ConvolutionGeometry;
  private readonly epilogue: Epilogue | undefined;
  private readonly frame: Frame;
  private readonly run: RunAxis;

  constructor(
    parameters: EpilogueParameters,
    geometry: ConvolutionGeometry,
    epilogue: Epilogue | undefined,
    frame: Frame,
    run: RunAxis,
  ) {
    this.k = parameters.k;
    this.parameters = parameters;
    this.geometry = geometry;
    this.epilogue = epilogue;
    this.frame = frame;
    this.run = run;
  }

  /**
   * Stores rows of the frame, counted from the output's first.
   * @param sums where the whole frame begins, or would
   */
  store(batch: IntVariable, sums: IntExpression, from: Int, to: Int): void {
    const { k, geometry } = this;
    const { outputHeight, outputWidth } = geometry;
    const bounds = { from, to };
    if (this.run === "columns") {
      k.loop(from, to, 1, (row) => this.storeRow(batch, sums, row, { from: 0, to: outputWidth }));
    } else {
      // A row of the frame is a column of the output.
      k.loop(0, outputHeight, 1, (row) => this.storeRow(batch, sums, row, bounds));
    }
  }

  private storeRow(
    batch: IntVariable,
    sums: IntExpression,
    row: IntVariable,
    { from, to }: { readonly from: Int; readonly to: Int },
  ): void {
    const { k, geometry } = this;
    const { outputHeight, outputWidth, outputChannels } = geometry;
    const pixelBytes = outputChannels * FLOAT_BYTES;
    const rowNumber = k.add(k.multiply(batch, outputHeight), row);
    const target = k.intVariable(
      k.add(this.parameters.output, k.multiply(rowNumber, outputWidth * pixelBytes)),
    );
    const [rowBytes, columnBytes] = this.strides();
    const { top, left, rowLength } = this.frame;
    const corner = (top * rowLength + left * outputChannels) * FLOAT_BYTES;
    const source = k.intVariable(k.add(k.add(sums, corner), k.multiply(row, rowBytes)));
    const write = (column: IntExpression, pixels: number) => {
      const place = { batch, row, column, channel: k.int(0) };
      const epilogue = new TileEpilogue(k, this.epilogue, this.parameters.epiloguePointers, place);
      const at = k.intVariable(k.add(source, k.multiply(column, columnBytes)));
      this.storeRun(at, k.intVariable(k.add(target, k.multiply(column, pixelBytes))), epilogue, pixels);
    };
    const step = this.pixelsOfRun();
    if (typeof from === "number" && typeof to === "number") {
      const whole = from + step * Math.floor((to - from) / step);
      k.loop(from, whole, step, (column) => write(column, step));
      if (whole < to) write(k.int(whole), to - whole);
      return;
    }
    const count = k.subtract(to, from);
    const behind = k.intVariable(k.add(from, k.multiply(k.divide(count, step), step)));
    k.loop(from, behind, step, (column) => write(column, step));
    if (step > 1) k.loop(behind, to, 1, (column) => write(column, 1));
  }

  /** Bytes of the frame from an output's pixel to the one below it, and to the one at its right. */
  private strides(): readonly [row: number, column: number] {
    const along = this.geometry.outputChannels * FLOAT_BYTES;
    const across = this.frame.rowLength * FLOAT_BYTES;
    return this.run === "rows" ? [along, across] : [across, along];
  }

  private storeRun(from: IntVariable, to: IntVariable, epilogue: TileEpilogue, pixels: number): void {
    const { k, geometry } = this;
    const { lanes } = k.machine;
    const floats = pixels * geometry.outputChannels;
    const [, columnBytes] = this.strides();
    const isSideBySide = pixels === 1 || columnBytes === geometry.outputChannels * FLOAT_BYTES;
    for (let channel = 0; channel < floats; channel += lanes) {
      const count = Math.min(lanes, floats - channel);
      const sums = isSideBySide
        ? k.load(from, channel * FLOAT_BYTES, count)
        : k.gather(from, channel * columnBytes, columnBytes, count);
      const value = k.let(epilogue.apply(k.vectorVariable(sums), { row: 0, column: 0, channel }, count));
      k.store(to, channel * FLOAT_BYTES, value, count);
    }
  }

  /**
   * Pixels that are stored at once: whole vectors if the epilogue's operands lie as the output does, like many channels of one pixel.
   * Pixels that are apart in the frame are gathered if they have one channel.
   */
  private pixelsOfRun(): number {
    const { outputChannels } = this.geometry;
    const { lanes } = this.k.machine;
    if (this.run === "rows" && outputChannels > 1) return 1;
    const operands = this.epilogue?.operands ?? [];
    const isOneRun = operands.every(
      ({ strides: [, , column, channel] }) => column === channel * outputChannels,
    );
    const powerOfTwo = outputChannels & -outputChannels;
    return isOneRun ? Math.max(1, lanes / powerOfTwo) : 1;
  }
}
