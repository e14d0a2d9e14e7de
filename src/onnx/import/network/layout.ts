/** @file Whether an input has its channels first: the nodes that it comes to tell. */
import type { Shape } from "../../../tensor/shape.ts";
import type { Builder } from "./builder.ts";

/** Operations whose first input has its channels as its second axis. */
const CHANNELS_SECOND: readonly string[] = [
  "AveragePool",
  "BatchNormalization",
  "Conv",
  "ConvTranspose",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "InstanceNormalization",
  "LRN",
  "LpPool",
  "MaxPool",
];

/** Operations that do the same to each element, or around each place, and leave the axes as they are. */
const PASSING: readonly string[] = [
  "Add",
  "Cast",
  "Clip",
  "Div",
  "Dropout",
  "Identity",
  "Mul",
  "Neg",
  "Pad",
  "Relu",
  "Sub",
];

/** Whether all that an input comes to, through operations that leave its axes, takes the second one for the channels. */
export function takesChannelsLast(builder: Builder, name: string, shape: Shape): boolean {
  if (shape.length !== 2 && shape.length !== 3) return false;
  const votes = new Set<boolean>();
  const seen = new Set<string>();
  const stack = [name];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (builder.isOutput(next)) votes.add(false);
    for (const node of builder.readersOf(next)) {
      if (PASSING.includes(node.operation)) stack.push(...node.outputs.filter((output) => output !== ""));
      else if (node.operation !== "Shape")
        votes.add(CHANNELS_SECOND.includes(node.operation) && node.inputs[0] === next);
    }
  }
  return votes.has(true) && !votes.has(false);
}
