/** @file The sum behind a unit: which inputs, times which weights, add up to it. */
import type { Unit } from "../../figures/FeatureMaps.svelte";
import type { SumPart, UnitSum } from "../../figures/unit-parts.ts";
import type { LayerView } from "./layers.ts";

export interface SumContext {
  /** The values that the layer reads, of its `inputShape`. */
  readonly input: ArrayLike<number>;
  /** A weight of the layer by its name: "kernel". */
  readonly weight: (name: string) => ArrayLike<number>;
  /** The unit's value by the engine. */
  readonly value: number;
}

/** @returns undefined for layers that add up nothing, and for distances */
export function unitSum(
  layer: LayerView,
  unit: Unit,
  { input, weight, value }: SumContext,
): UnitSum | undefined {
  const { kind, activation } = layer;
  if (kind === "other" || kind === "distance") return undefined;
  const bias = kind === "pooling" ? 0 : (weight("bias")[unit.channel] ?? 0);
  const parts = partsOf(layer, unit, input, weight);
  const total = parts.reduce((sum, part) => sum + part.value, bias);
  return { parts, bias, total, activation, value };
}

function partsOf(
  layer: LayerView,
  unit: Unit,
  input: ArrayLike<number>,
  weight: SumContext["weight"],
): SumPart[] {
  switch (layer.kind) {
    case "convolution":
      return convolutionParts(layer, unit, input, weight("kernel"));
    case "dense":
      return denseParts(layer, unit, input, weight("kernel"));
    case "pooling":
    case "subsampling": {
      const [rows, columns] = layer.window ?? [1, 1];
      const factor =
        layer.kind === "pooling" ? 1 / (rows * columns) : (weight("coefficient")[unit.channel] ?? 0);
      const inputs = windowValues(layer, unit, input, unit.channel);
      return [
        part(
          `map ${unit.channel + 1}`,
          inputs,
          inputs.map(() => factor),
          columns,
        ),
      ];
    }
    default:
      return [];
  }
}

function convolutionParts(
  layer: LayerView,
  unit: Unit,
  input: ArrayLike<number>,
  kernel: ArrayLike<number>,
): SumPart[] {
  const [rows, columns] = layer.window ?? [1, 1];
  const area = rows * columns;
  const [, , channels = 1] = layer.inputShape;
  const filters = layer.shape.at(-1) ?? 1;
  const { connections } = layer;
  if (!connections) {
    return Array.from({ length: channels }, (_, c) =>
      part(
        `map ${c + 1}`,
        windowValues(layer, unit, input, c),
        Array.from({ length: area }, (_, at) => kernel[(at * channels + c) * filters + unit.channel] ?? 0),
        columns,
      ),
    );
  }
  // The kernel holds the connected windows only, output by output in the table's order.
  const links = connections.flat().length;
  const first = connections.slice(0, unit.channel).flat().length;
  return (connections[unit.channel] ?? []).map((c, k) =>
    part(
      `map ${c + 1}`,
      windowValues(layer, unit, input, c),
      Array.from({ length: area }, (_, at) => kernel[at * links + first + k] ?? 0),
      columns,
    ),
  );
}

/** The values of a window in one channel; zeros where it reaches beyond the edge. */
function windowValues(layer: LayerView, unit: Unit, input: ArrayLike<number>, channel: number): number[] {
  const [rows, columns] = layer.window ?? [1, 1];
  const [height = 1, width = 1, channels = 1] = layer.inputShape;
  return Array.from({ length: rows * columns }, (_, at) => {
    const y = unit.row * layer.stride - layer.before + Math.floor(at / columns);
    const x = unit.column * layer.stride - layer.before + (at % columns);
    const isInside = y >= 0 && x >= 0 && y < height && x < width;
    return isInside ? (input[(y * width + x) * channels + channel] ?? 0) : 0;
  });
}

/** A part for each map where the inputs are maps that were flattened, else one for each input. */
function denseParts(
  layer: LayerView,
  unit: Unit,
  input: ArrayLike<number>,
  kernel: ArrayLike<number>,
): SumPart[] {
  const units = layer.shape.at(-1) ?? 1;
  const isFlattened = layer.inputShape.length === 3;
  const [rows, columns, channels] = isFlattened ? layer.inputShape : [1, 1, layer.inputShape[0] ?? 0];
  const area = (rows ?? 1) * (columns ?? 1);
  return Array.from({ length: channels ?? 0 }, (_, c) => {
    const places = Array.from({ length: area }, (_, at) => at * (channels ?? 0) + c);
    return part(
      `${isFlattened ? "map" : "unit"} ${c + 1}`,
      places.map((place) => input[place] ?? 0),
      places.map((place) => kernel[place * units + unit.channel] ?? 0),
      columns ?? 1,
    );
  });
}

function part(name: string, inputs: number[], weights: number[], columns: number): SumPart {
  const value = inputs.reduce((sum, input, i) => sum + input * (weights[i] ?? 0), 0);
  return { name, inputs, weights, columns, value };
}
