/** @file Options that have no use for what a command works on: they are refused, not ignored. */

import type { Command } from "commander";

/** Ends with a usage error if one of the options was given. @param why after its name: "is for images, and …" */
export function refuseOptions(command: Command, names: readonly string[], why: string): void {
  const given = names.find((name) => command.getOptionValueSource(name) === "cli");
  if (given === undefined) return;
  const options = command.options.filter((option) => option.attributeName() === given);
  // "--augment" and "--no-augment" are one option by two names.
  const isNegated = command.getOptionValue(given) === false;
  const named = options.find(({ negate }) => negate === isNegated) ?? options.at(0);
  const flag = named?.long ?? given;
  command.error(`error: ${flag} ${why}`);
}
