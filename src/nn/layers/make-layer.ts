/** @file The part that all layers share: names, configs, checks of the number of inputs and of their axes. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { multiply } from "../../ops/arithmetic.ts";
import type { Shape } from "../../tensor/shape.ts";
import { checkOptionList } from "../../options.ts";
import type { CallContext, Layer, LayerWindow } from "../layer.ts";
import type { WeightSpec } from "../weight-spec.ts";
import { applyLayer, checkExampleShape, EXAMPLE_SHAPE } from "../symbolic.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";

type Window = LayerWindow | "all" | "rearranged";

/** The properties in which one layer differs from the others. */
export interface LayerDefinition {
  /** Keras' class name. */
  readonly className: string;
  /** The function that makes the layer, for messages: "conv2d". */
  readonly factory: string;
  /** The layer's own options with defaults filled in, plain JSON; those of all layers are added. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The names of its options, where the config has some only when they are given. Default: those of the config. */
  readonly options?: Readonly<Record<string, true>>;
  /** The axes of the input, batch left out; "…" as the first stands for any others. Absent: any axes. */
  readonly axes?: readonly string[];
  /** Advice for when the input has other axes. */
  readonly advice?: string;
  /** Default: exactly one. */
  readonly inputs?: "one" | "two" | "two or more" | "one or more";
  /** Default: none. */
  weights?(inputShapes: readonly Shape[]): readonly WeightSpec[];
  call(inputs: readonly Tensor[], context: CallContext): Tensor;
  /** The window of an output: always, or for inputs of these shapes. Default: a window of 1 with stride 1. */
  readonly window?: Window | ((inputShapes: readonly Shape[]) => Window | undefined);
  readonly givesProbabilities?: boolean;
  connections?(inputShapes: readonly Shape[], outputShape: Shape): number;
}

/**
 * Makes a layer of its definition and of the options that all layers take.
 * @throws AuricleError "argument" when an option has a wrong value or no layer of this class knows it
 */
export function makeLayer(definition: LayerDefinition, options: LayerOptions): Layer {
  const { className, factory, window, givesProbabilities, connections } = definition;
  const own = definition.options ?? definition.config;
  checkOptionList(factory, options, [...Object.keys(own), ...Object.keys(LAYER_OPTIONS)]);
  const check = checksFor(factory);
  const name = check.optional("name", options.name, {
    type: "text",
    wanted: "a string",
    parse: (value) => (typeof value === "string" ? value : undefined),
  });
  const inputShape = check.optional("inputShape", options.inputShape, {
    type: "shape",
    wanted: EXAMPLE_SHAPE,
    parse: (value) => checkExampleShape(value, `${factory}: inputShape`),
  });
  const trainable = check.boolean("trainable", options.trainable, true);
  const regularizer = check.regularizer("activityRegularizer", options.activityRegularizer);
  const layer: Layer = {
    className,
    name,
    inputShape,
    trainable,
    config: {
      ...(name === undefined ? {} : { name }),
      ...(inputShape === undefined ? {} : { inputShape }),
      trainable,
      ...(regularizer && {
        activityRegularizer: { name: regularizer.name, config: regularizer.config },
      }),
      ...definition.config,
    },
    weights(inputShapes) {
      checkInputs(definition, inputShapes);
      return definition.weights?.(inputShapes) ?? [];
    },
    call(inputs, context) {
      const output = definition.call(inputs, context);
      if (regularizer) context.addLoss(multiply(regularizer.penalty(output), 1 / output.shape[0]));
      return output;
    },
    apply: (inputs) => applyLayer(layer, inputs),
    window: (inputShapes) => (typeof window === "function" ? window(inputShapes) : window),
    ...(givesProbabilities === undefined ? {} : { givesProbabilities }),
    ...(connections === undefined ? {} : { connections }),
  };
  return layer;
}

function checkInputs(definition: LayerDefinition, shapes: readonly Shape[]): void {
  const { factory, axes, advice, inputs = "one" } = definition;
  const [least, most] = {
    one: [1, 1],
    two: [2, 2],
    "two or more": [2, Infinity],
    "one or more": [1, Infinity],
  }[inputs];
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
