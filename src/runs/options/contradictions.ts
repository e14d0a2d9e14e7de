/** @file Options that contradict each other, before data are opened. Browser-safe. */

import { isAudioModelName, MODEL_NAMES } from "../../models/index.ts";
import { isNetworkFile } from "../networks/network-path.ts";
import type { KindName } from "./option.ts";
import { recipeFor, recipeNames } from "./recipes.ts";
import type { OptionName } from "./table.ts";
import type { TrainingValues } from "./training-values.ts";

/**
 * Returns a sentence for each contradiction among the values of a training that begins.
 * @param called writes the name of an option as its reader knows it: a flag, a field of a file
 */
export function contradictionsIn(
  values: TrainingValues,
  kind: KindName,
  called: (name: OptionName) => string,
): string[] {
  const { from, freeze, transfer, model, recipe, split, validation } = values;
  const problems: string[] = [];
  const network = `${called("from")} <network>`;
  if (freeze && from === undefined) problems.push(`${called("freeze")} needs ${network}`);
  if (transfer !== undefined && from === undefined) problems.push(`${called("transfer")} needs ${network}`);
  if (freeze && transfer !== undefined && transfer !== "frozen") {
    const how = called("transfer");
    problems.push(`${called("freeze")} is short for ${how} frozen; ${how} ${transfer} is something else`);
  }
  // From scratch, only the split has regard to the other network.
  const isUsed = from !== undefined && transfer !== "scratch";
  // Of several ways, the one from scratch has an input of its own.
  const hasItsInput = isUsed && transfer !== "auto";
  if (hasItsInput && (model ?? values.frontEnd ?? values.window) !== undefined) {
    problems.push(
      `with ${called("from")}, the model, its front end and its window are those of that network`,
    );
  }
  if (hasItsInput && (values.size ?? values.fit ?? values.color) !== undefined) {
    problems.push(`with ${called("from")}, the size and the form of images are those of that network`);
  }
  if (split !== undefined && validation !== undefined) {
    const [both, one] = [called("split"), called("validation")];
    problems.push(`${both} and ${one} cannot be used together: ${both} has the validation share`);
  }
  const isKnown = recipe === undefined || recipeNames(kind).includes(recipe);
  if (isUsed && recipe !== undefined && isKnown && !recipeFor(kind, recipe).normalize) {
    problems.push(
      `${called("recipe")} ${recipe} is for a new network, and ${called("from")} starts from another's weights: use one of them and set other options individually`,
    );
  }
  if (model === undefined || isNetworkFile(model) || isAudioModelName(model) === (kind === "sound")) {
    return problems;
  }
  const names = MODEL_NAMES.filter((name) => isAudioModelName(name) === (kind === "sound"));
  const other = kind === "sound" ? "images" : "sound";
  return [...problems, `${model} is for ${other}; for ${kind} there are ${names.join(", ")}`];
}
