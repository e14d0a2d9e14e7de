/** @file The published networks that Auricle knows by name. A new one is a folder beside this file and a line here. Browser-safe. */

import { closestName } from "../closest-name.ts";
import { AuricleError } from "../errors.ts";
import { CREPE_MODELS } from "./crepe/definitions.ts";
import type { PretrainedDefinition, PretrainedGroup } from "./definition.ts";
import { MUSICNN_GROUP, MUSICNN_MODELS } from "./musicnn/definitions.ts";

/** Each model by itself. */
export const PRETRAINED_MODELS: readonly PretrainedDefinition[] = [...MUSICNN_MODELS, ...CREPE_MODELS];

/** Names that stand for several. */
export const PRETRAINED_GROUPS: readonly PretrainedGroup[] = [MUSICNN_GROUP];

/** The model that tags where none is named: that of musicnn's own command. */
export const DEFAULT_TAGGER = "musicnn-mtt";

/** The model that hears pitch where none is named: the small one, which is a fortieth of the other. */
export const DEFAULT_PITCH = "crepe-tiny";

/** Whether this is the name of a published network, or of several. */
export function isPretrainedName(name: string): boolean {
  return [...PRETRAINED_MODELS, ...PRETRAINED_GROUPS].some((known) => known.name === name);
}

/**
 * Looks a name up. That of a group gives all its members.
 * @throws AuricleError "argument" that lists the known names and suggests the nearest
 */
export function pretrainedDefinitions(name: string): readonly PretrainedDefinition[] {
  const group = PRETRAINED_GROUPS.find((known) => known.name === name);
  const names = group?.members ?? [name];
  const found = names.flatMap((one) => PRETRAINED_MODELS.find((known) => known.name === one) ?? []);
  if (found.length > 0) return found;
  const known = [...PRETRAINED_GROUPS, ...PRETRAINED_MODELS].map((one) => one.name);
  const closest = closestName(name, known);
  throw new AuricleError(
    "argument",
    `pretrained model "${name}" is unknown${closest ? `; did you mean "${closest}"?` : "."} Known: ${known.join(", ")}`,
  );
}
