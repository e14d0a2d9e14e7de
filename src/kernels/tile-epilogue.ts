/** @file Where a convolution's epilogue finds its operands, which are strided over [batch, row, column, channel] of the output. */
import type { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, IntVariable, VectorExpression } from "../machine/ir.ts";
import { FLOAT_BYTES } from "./kernel.ts";
import { emitEpilogue, type Epilogue } from "./epilogue.ts";

/** The first output of a tile. */
export interface OutputPlace {
  readonly batch: IntExpression;
  readonly row: IntExpression;
  readonly column: IntExpression;
  readonly channel: IntExpression;
}

/** Distance from a tile's first output, known when the kernel is written. */
export interface OutputOffset {
  readonly row: number;
  readonly column: number;
  readonly channel: number;
}

/** Applies an epilogue to the outputs of one tile. */
export class TileEpilogue {
  private readonly k: KernelBuilder;
  private readonly epilogue: Epilogue | undefined;
  private readonly bases: readonly IntExpression[];

  /** @param pointers the addresses of the operands in memory; undefined for the others */
  constructor(
    k: KernelBuilder,
    epilogue: Epilogue | undefined,
    pointers: readonly (IntVariable | undefined)[],
    { batch, row, column, channel }: OutputPlace,
  ) {
    this.k = k;
    this.epilogue = epilogue;
    const coordinates = [batch, row, column, channel];
    this.bases = (epilogue?.operands ?? []).map(({ strides, offset }, i) => {
      let address = k.add(pointers[i] ?? 0, offset * FLOAT_BYTES);
      strides.forEach((stride, axis) => {
        if (stride !== 0) address = k.add(address, k.multiply(coordinates[axis], stride * FLOAT_BYTES));
      });
      return k.intVariable(address);
    });
  }

  /** The `count` outputs from an offset on, after the epilogue. */
  apply(result: VectorExpression, { row, column, channel }: OutputOffset, count: number): VectorExpression {
    const { k, epilogue, bases } = this;
    return emitEpilogue(k, epilogue, result, (i) => {
      const [, rowStride, columnStride, channelStride] = epilogue?.operands[i].strides ?? [];
      const offset = (row * rowStride + column * columnStride + channel * channelStride) * FLOAT_BYTES;
      if (channelStride === 1) return k.load(bases[i], offset, count);
      if (channelStride === 0) return k.broadcast(bases[i], offset);
      return k.gather(bases[i], offset, channelStride * FLOAT_BYTES, count);
    });
  }
}
