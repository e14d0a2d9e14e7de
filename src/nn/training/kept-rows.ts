/** @file Leaves out the positions whose label a loss ignores, where outputs are held against targets. */
import type { Loss } from "../losses/index.ts";

/** Outputs and targets of the same positions. */
export interface Rows {
  readonly outputs: Float32Array;
  readonly targets: Float32Array | Int32Array;
}

/**
 * The rows of outputs whose labels count.
 * @param rows outputs `[positions, width]`, row-major, with labels `[positions]`; probabilities, of which none is ignored, stay
 */
export function keptRows(rows: Rows, loss: Loss, width: number): Rows {
  const ignored = loss.config?.ignoreIndex;
  const { outputs, targets } = rows;
  if (ignored === undefined || targets instanceof Float32Array || !targets.includes(ignored)) return rows;
  const kept = [...targets.keys()].filter((position) => targets[position] !== ignored);
  const keptOutputs = new Float32Array(kept.length * width);
  kept.forEach((position, i) =>
    keptOutputs.set(outputs.subarray(position * width, (position + 1) * width), i * width),
  );
  return { outputs: keptOutputs, targets: Int32Array.from(kept, (position) => targets[position]) };
}
