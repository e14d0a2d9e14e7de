import type { Epilogue } from "../../kernels/epilogue.ts";

/** An epilogue's operand strides over [batch, row, column, channel], whatever the rank of the result. */
export function fourAxes(epilogue: Epilogue | undefined): Epilogue | undefined {
  return (
    epilogue && {
      ...epilogue,
      operands: epilogue.operands.map((operand) => {
        // A matrix product's rows are the pixels of one image of height 1.
        const [batch, ...rest] = operand.strides.length === 2 ? [0, ...operand.strides] : operand.strides;
        return { ...operand, strides: rest.length === 3 ? operand.strides : [batch, 0, ...rest] };
      }),
    }
  );
}
