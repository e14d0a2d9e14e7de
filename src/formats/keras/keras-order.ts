/** @file The order in which Keras has the layers of a Functional model, by which it numbers their weights in a file. Browser-safe. */
import type { KerasLayerOut, KerasNetwork, KerasValue } from "./keras-builder.ts";

/** A call of a layer, or an input. */
interface Call {
  readonly layer: KerasLayerOut | undefined;
  readonly inputs: readonly Call[];
}

/**
 * Orders the layers by their distance from the outputs, the farthest first, and where that is equal by when a walk from the outputs to
 * the inputs first meets them (`map_graph` in keras/src/ops/function.py). Layers that no output needs are left out, as Keras does.
 */
export function layersInKerasOrder({ layers, outputs, inputs }: KerasNetwork): KerasLayerOut[] {
  const calls = new Map<string, Call>();
  const entrances = inputs.map((): Call => ({ layer: undefined, inputs: [] }));
  const callOf = (value: KerasValue): Call => {
    if ("input" in value) return entrances[value.input];
    const key = `${value.call} ${value.layer.name}`;
    const known = calls.get(key);
    if (known) return known;
    const made = { layer: value.layer, inputs: value.layer.calls[value.call].map(callOf) };
    calls.set(key, made);
    return made;
  };
  const met = new Map<KerasLayerOut, number>();
  const finished = new Set<Call>();
  const visit = (call: Call): void => {
    if (finished.has(call)) return;
    if (call.layer && !met.has(call.layer)) met.set(call.layer, met.size);
    call.inputs.forEach(visit);
    finished.add(call);
  };
  outputs.map(callOf).forEach(visit);
  const callDepths = new Map<Call, number>();
  const depths = new Map<KerasLayerOut, number>();
  for (const call of [...finished].reverse()) {
    const own = callDepths.get(call) ?? 0;
    const depth = call.layer ? Math.max(own, depths.get(call.layer) ?? 0) : own;
    if (call.layer) depths.set(call.layer, depth);
    for (const input of call.inputs) {
      callDepths.set(input, Math.max(depth + 1, callDepths.get(input) ?? 0));
    }
  }
  const place = (layer: KerasLayerOut) => [-(depths.get(layer) ?? 0), met.get(layer) ?? 0] as const;
  return layers
    .filter((layer) => met.has(layer))
    .sort((a, b) => {
      const [[depthA, metA], [depthB, metB]] = [place(a), place(b)];
      return depthA - depthB || metA - metB;
    });
}
