/** @file Values of training options that come from outside: a file, a page, another thread. Browser-safe. */

import { didYouMean } from "../../options.ts";
import { DECIDING_NAMES, rowOf, type TrainingValues } from "./training-values.ts";
import { shownValue } from "../../shown-value.ts";

/**
 * Checks the values of options that decide what is computed.
 * @param fail makes an error of a sentence about what is wrong
 * @throws the error, for a name that there is not, or a value that the option does not take.
 */
export function checkedValues(content: object, fail: (problem: string) => Error): TrainingValues {
  const entries = Object.entries(content).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const known = DECIDING_NAMES.find((one) => one === name);
      if (known === undefined) {
        throw fail(`there is no training option "${name}"${didYouMean(name, DECIDING_NAMES)}`);
      }
      const read = rowOf(known).type.schema.safeParse(value);
      if (read.success) return [known, read.data];
      const [{ message }] = read.error.issues;
      throw fail(`${name} ${message}; got ${shownValue(value)}`);
    }),
  ) as TrainingValues;
}
