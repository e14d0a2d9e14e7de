/** @file The part of the input that a unit of a layer depends on, in the input's own units. Browser-safe. */
import { AuricleError } from "../errors.ts";
import { receptiveFields } from "../nn/receptive-field.ts";
import type { AxisUnit } from "../nn/summary.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { nodeNamed } from "./layer-choice.ts";
import type { ExplainedModel } from "./programs.ts";

export interface ReceptiveFieldOptions {
  /**
   * The meaning of a step along each axis of the first input, as `summary` takes them and `axisStepsOf` of "auricle/audio" gives them for
   * a front end: milliseconds, hertz. Default: samples of the input.
   */
  readonly units?: readonly AxisUnit[];
}

const OPTIONS: OptionNames<ReceptiveFieldOptions> = { units: true };

/** One axis of a receptive field. */
export interface FieldAxis {
  /** The span of what one unit depends on; it may exceed the axis, as padding is counted. */
  readonly size: number;
  /** The distance from one unit to the next. */
  readonly step: number;
  /** Where the field of the first unit begins, from the beginning of the axis; that of unit k begins k·step later. */
  readonly start: number;
  /** "pixels", "ms", "Hz", … */
  readonly unit: string;
}

/**
 * Finds how much of the first input each unit of a layer depends on, along each axis of positions: the column "Sees" of a model's
 * summary.
 *
 * @example
 * receptiveField(model, "conv2d_3", { units: axisStepsOf(frontEnd(config)) }); // [{ size: 415, step: 80, unit: "ms" }, …]
 * @returns undefined where windows do not describe it, as behind a layer that reshapes
 * @throws AuricleError "argument" for a layer that there is not, or units for fewer axes than the input has
 */
export function receptiveField(
  model: ExplainedModel,
  layer: string,
  options: ReceptiveFieldOptions = {},
): readonly FieldAxis[] | undefined {
  checkOptions("receptiveField", options, OPTIONS, "model, layer, ");
  const { network } = model;
  const { units } = options;
  const field = receptiveFields(network)[network.inputs.length + nodeNamed(network, layer)];
  if (units && field && units.length < field.length) {
    throw new AuricleError(
      "argument",
      `receptiveField: units must be given for each of ${field.length} axes; got ${units.length}`,
    );
  }
  return field?.map(({ size, step, start }, axis) => {
    const { unit, step: length, width = length } = units?.[axis] ?? { unit: "pixels", step: 1 };
    return { size: (size - 1) * length + width, step: step * length, start: start * length, unit };
  });
}
