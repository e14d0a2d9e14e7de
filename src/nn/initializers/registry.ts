import { AuricleError } from "../../errors.ts";
import { didYouMean } from "../../options.ts";
import { constant, ones, zeros } from "./constant.ts";
import type { Initializer, InitializerConfig } from "./initializer.ts";
import { lecun1998 } from "./lecun-1998.ts";
import { orthogonal } from "./orthogonal.ts";
import { randomNormal, randomUniform, truncatedNormal } from "./random.ts";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from "./variance-scaling.ts";

/** Initializers that a name alone describes: parameters are their defaults. */
const BY_NAME = {
  zeros,
  ones,
  randomUniform,
  randomNormal,
  truncatedNormal,
  varianceScaling,
  lecunNormal,
  lecunUniform,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecun1998,
  orthogonal,
} satisfies Record<string, (options?: never) => Initializer>;

/** The names that stand for an initializer wherever a layer takes one: `kernelInitializer: "heNormal"`. */
export type InitializerName = keyof typeof BY_NAME;

/** All initializers. Each function checks its parameters itself, so a stored config needs no other check. */
const INITIALIZERS: Readonly<Record<string, (options: never) => Initializer>> = { ...BY_NAME, constant };

function isInitializerName(name: string): name is InitializerName {
  return Object.hasOwn(BY_NAME, name);
}

/** All names that stand for an initializer. */
export const INITIALIZER_NAMES: readonly InitializerName[] = Object.keys(BY_NAME).filter(isInitializerName);

/**
 * Returns the initializer that a layer's option stands for: a name for that initializer with its default
 * parameters, an initializer for itself.
 * @throws AuricleError "argument" when no initializer has that name, or it needs a parameter ("constant").
 */
export function initializerOf(nameOrInitializer: InitializerName | Initializer): Initializer {
  if (typeof nameOrInitializer !== "string") return nameOrInitializer;
  if (isInitializerName(nameOrInitializer)) return BY_NAME[nameOrInitializer]();
  throw unknownName(nameOrInitializer);
}

/**
 * Rebuilds an initializer from its name and config, as a model file stores them.
 * @throws AuricleError "argument" when the name or a parameter is unknown, or a parameter is missing or unusable.
 */
export function initializerFromConfig({ name, config }: InitializerConfig): Initializer {
  if (Object.hasOwn(INITIALIZERS, name)) return INITIALIZERS[name](config as never);
  throw unknownName(name);
}

function unknownName(name: string): AuricleError {
  const advice = Object.hasOwn(INITIALIZERS, name)
    ? `; ${name} needs its parameters: pass ${name}({ … })`
    : didYouMean(name, INITIALIZER_NAMES);
  return new AuricleError(
    "argument",
    `initializer: name must be one of ${INITIALIZER_NAMES.join(", ")}; got "${name}"${advice}`,
  );
}
