/** @file The part that all layers share: names, configs, checks of the number of inputs and of their axes. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Shape } from "../../tensor/shape.ts";
import { checkOptionList } from "../../options.ts";
import type { CallContext, Layer, WeightSpec } from "../layer.ts";
import { applyLayer, checkExampleShape } from "../symbolic.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";

/** What sets one layer apart from the others. */
export interface LayerDefinition {
  /** Keras' class name. */
  readonly className: string;
  /** The function that makes the layer, for messages: "conv2d". */
  readonly factory: string;
  /** The layer's own options with defaults filled in, plain JSON; those of all layers are added. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the axes of the input are, batch left out; "…" as the first stands for any others. Absent: any axes. */
  readonly axes?: readonly string[];
  /** What to do when the input has other axes. */
  readonly advice?: string;
  /** Default: exactly one. */
  readonly inputs?: "one" | "two" | "two or more";
  /** Default: none. */
  weights?(inputShapes: readonly Shape[]): readonly WeightSpec[];
  call(inputs: readonly Tensor[], context: CallContext): Tensor;
  readonly window?: Layer["window"];
  readonly givesProbabilities?: boolean;
  connections?(inputShapes: readonly Shape[], outputShape: Shape): number;
}

/**
 * Makes a layer of its definition and of the options that all layers take.
 * @throws AuricleError "argument" when an option has a wrong value or no layer of this class knows it
 */
export function makeLayer(definition: LayerDefinition, options: LayerOptions): Layer {
  const { className, factory, window, givesProbabilities, connections } = definition;
  checkOptionList(factory, options, [...Object.keys(definition.config), ...Object.keys(LAYER_OPTIONS)]);
  const { name, inputShape } = options;
  if (name !== undefined && typeof name !== "string") {
    throw new AuricleError("argument", `${factory}: name must be a string; got ${JSON.stringify(name)}`);
  }
  if (inputShape !== undefined) checkExampleShape(inputShape, `${factory}: inputShape`);
  const trainable = checksFor(factory).boolean("trainable", options.trainable, true);
  const layer: Layer = {
    className,
    name,
    inputShape,
    trainable,
    config: {
      ...(name === undefined ? {} : { name }),
      ...(inputShape === undefined ? {} : { inputShape }),
      trainable,
      ...definition.config,
    },
    weights(inputShapes) {
      checkInputs(definition, inputShapes);
      return definition.weights?.(inputShapes) ?? [];
    },
    call: (inputs, context) => definition.call(inputs, context),
    apply: (inputs) => applyLayer(layer, inputs),
    ...(window === undefined ? {} : { window }),
    ...(givesProbabilities === undefined ? {} : { givesProbabilities }),
    ...(connections === undefined ? {} : { connections }),
  };
  return layer;
}

function checkInputs(definition: LayerDefinition, shapes: readonly Shape[]): void {
  const { factory, axes, advice, inputs = "one" } = definition;
  const [least, most] = { one: [1, 1], two: [2, 2], "two or more": [2, Infinity] }[inputs];
  if (shapes.length < least || shapes.length > most) {
    const advice = inputs === "one" ? "join several with concatenate() or add() first" : "use .apply([a, b])";
    throw new AuricleError(
      "shape",
      `${factory}: takes ${inputs} input${inputs === "one" ? "" : "s"}; got ${shapes.length}; ${advice}`,
    );
  }
  if (!axes) return;
  for (const shape of shapes) {
    if (axes[0] === "…" ? shape.length >= axes.length - 1 : shape.length === axes.length) continue;
    throw new AuricleError(
      "shape",
      `${factory}: input must be [batch, ${axes.join(", ")}]; got [${["batch", ...shape].join(", ")}]${advice ? `; ${advice}` : ""}`,
    );
  }
}
