/** @file Options that are a rule by name or by its stored form: regularizers and constraints. */
import { AuricleError } from "../errors.ts";
import { didYouMean } from "../options.ts";
import { shownValue } from "../shown-value.ts";

/** A rule as a model file stores it: its name and all its options, plain JSON. */
export interface RuleConfig {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The functions that make rules of one kind, by the rules' names. Each checks its options and has defaults for all. */
export type RuleFactories<Rule extends RuleConfig> = Readonly<Record<string, (options: never) => Rule>>;

/**
 * Makes the rule that an option stands for: a name with its defaults, or a rule or its stored form with its options.
 * @param where the layer and the option, for messages: "conv2d: kernelRegularizer"
 * @throws AuricleError "argument" for anything else, an unknown name, or options that the rule does not have
 */
export function ruleOf<Rule extends RuleConfig>(
  where: string,
  factories: RuleFactories<Rule>,
  value: unknown,
): Rule {
  const names = Object.keys(factories);
  const { name, config } = partsOf(value) ?? { name: undefined, config: {} };
  if (name !== undefined && Object.hasOwn(factories, name)) return factories[name](config as never);
  const meant = name === undefined ? "" : didYouMean(name, names);
  throw new AuricleError(
    "argument",
    `${where} must be ${ruleRange(names)}; got ${shownValue(value)}${meant}`,
  );
}

/** The values that stand for a rule, in words. */
export function ruleRange(names: readonly string[]): string {
  return `one of ${names.join(", ")}, by name or made by its function`;
}

function partsOf(value: unknown): { name: string; config: object } | undefined {
  if (typeof value === "string") return { name: value, config: {} };
  if (typeof value !== "object" || value === null || !("name" in value) || !("config" in value))
    return undefined;
  const { name, config } = value;
  return typeof name === "string" && typeof config === "object" && config !== null
    ? { name, config }
    : undefined;
}
