/** @file The reference target: every operation's own loops, one after the other, in double precision. */
import type { Arena } from "../runtime/arena.ts";
import type { DoubleArray, NumericArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { checkInput, type CompiledGraph } from "./compiled-graph.ts";
import { topologicalOrder } from "./gradient.ts";
import type { Graph } from "./graph.ts";
import { SlabHomes } from "./slab-homes.ts";
import type { InnerAxes, Tensor } from "./tensor.ts";

/** Runs a graph by its reference loops; slow, the judge of all kernels. */
export function interpret(graph: Graph, arena: Arena): CompiledGraph {
  const slabs = SlabHomes.of(arena);
  const inputs = graph.inputs.map(({ shape, dtype }) =>
    dtype === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)),
  );
  for (const { slab } of graph.assignments) slabs.addressOf(slab);
  const wanted = [...graph.outputs, ...graph.assignments.map(({ value }) => value)];
  let results: readonly Float64Array[] = [];
  return {
    report: {
      target: "reference",
      calls: [],
      preparedCalls: 0,
      kernels: 0,
      scratchBytes: 0,
      unplannedBytes: 0,
      ownBytes: 0,
      codeBytes: 0,
    },
    setInput(index, array) {
      checkInput(graph, index, array);
      inputs[index].set(array.data);
    },
    inputView: (index) => inputs[index],
    run() {
      const given = new Map(graph.inputs.map((tensor, i) => [tensor, Float64Array.from(inputs[i])]));
      results = evaluate(wanted, given);
      graph.assignments.forEach(({ slab, offset, value }, i) => {
        const target = value.dtype === "int32" ? slab.editInts() : slab.edit();
        target.set(results[graph.outputs.length + i], offset);
      });
    },
    output(index): NumericArray {
      const { shape, dtype } = graph.outputs[index];
      const data = results[index];
      return { shape, data: dtype === "int32" ? Int32Array.from(data) : Float32Array.from(data) };
    },
  };
}

/** The values of `wanted` in double precision, given those of the inputs. */
export function evaluate(
  wanted: readonly Tensor[],
  given: ReadonlyMap<Tensor, Float64Array>,
): readonly Float64Array[] {
  const values = new Map<Tensor, Float64Array>(given);
  const arrayOf = (tensor: Tensor): DoubleArray => ({
    shape: tensor.shape,
    data: values.get(tensor) ?? new Float64Array(sizeOf(tensor.shape)),
  });
  for (const tensor of topologicalOrder(wanted)) {
    if (!values.has(tensor)) values.set(tensor, valueOf(tensor, arrayOf));
  }
  return wanted.map((tensor) => arrayOf(tensor).data);
}

function valueOf(tensor: Tensor, arrayOf: (input: Tensor) => DoubleArray): Float64Array {
  const { structure } = tensor.operation;
  switch (structure.kind) {
    case "constant":
      return Float64Array.from(structure.data);
    case "variable": {
      const { slab, offset } = structure;
      const view = tensor.dtype === "int32" ? slab.intView() : slab.view();
      return Float64Array.from(view.subarray(offset, offset + sizeOf(tensor.shape)));
    }
    case "index":
      return indexValues(tensor, structure.strides, structure.inner);
    default:
      return tensor.operation.reference(tensor.inputs.map(arrayOf));
  }
}

function indexValues({ shape }: Tensor, strides: readonly number[], inner?: InnerAxes): Float64Array {
  return Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
    let value = 0;
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const position = rest % shape[axis];
      const length = inner?.lengths[axis] ?? 1;
      value +=
        Math.floor(position / length) * strides[axis] + (position % length) * (inner?.strides[axis] ?? 0);
      rest = Math.floor(rest / shape[axis]);
    }
    return value;
  });
}
