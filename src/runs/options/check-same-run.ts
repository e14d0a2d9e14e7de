/** @file Whether what is asked of a run that goes on is what it began with. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { StoredRun } from "./option.ts";
import { DECIDING_NAMES, rowOf, valueOfRun, type TrainingValues } from "./training-values.ts";

/**
 * @param asked the values that were given; what is left out stays as it is. `data` is a name or an absolute path.
 * @throws AuricleError "argument" naming the first thing that differs.
 */
export function checkSameRun(
  path: string,
  config: StoredRun,
  { data, ...asked }: TrainingValues & { readonly data?: string },
): void {
  if (data !== undefined) refuseOther(path, "data", data, config.data);
  for (const name of DECIDING_NAMES) {
    const value = asked[name];
    if (value === undefined) continue;
    const { compare, unusedWhenFrozen } = rowOf(name);
    if (unusedWhenFrozen && config.transfer?.how === "frozen") continue;
    const [wanted, own] = compare ? compare(value, config) : [value, valueOfRun(name, config) ?? null];
    refuseOther(path, inWords(name), wanted, own);
  }
}

function refuseOther(path: string, what: string, asked: unknown, own: unknown): void {
  const [came, is] = [JSON.stringify(asked), JSON.stringify(own)];
  if (came === is) return;
  throw new AuricleError(
    "argument",
    `${path}: a resumed run keeps ${what} ${is}; got ${came}: omit the option or start a new run`,
  );
}

/** "learningRate" → "learning rate". */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
