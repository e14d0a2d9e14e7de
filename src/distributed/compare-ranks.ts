/** @file Ranks that compute something else than rank 0 are found before they begin. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { Ranks } from "./ranks.ts";

/** The beginning of facts that are hashes, which would tell nobody anything. */
export const HASH = "#";

/**
 * Compares what must be the same on all ranks.
 * @param facts by what they are about, in words: `{ "the data": "#1f03…", "the version": "0.1.0" }`; hashes begin with {@link HASH}
 * @throws AuricleError "argument", on all ranks, naming the first rank and fact that differs from rank 0's
 */
export async function compareRanks(ranks: Ranks, facts: Readonly<Record<string, string>>): Promise<void> {
  const all = await ranks.gather(new TextEncoder().encode(JSON.stringify(facts)), "comparing the ranks");
  const [first, ...others] = all.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as typeof facts);
  others.forEach((other, i) => {
    const what = Object.keys(first).find((name) => other[name] !== first[name]);
    if (what === undefined) return;
    const [had, has] = [first[what], other[what]];
    const isHash = had.startsWith(HASH);
    throw new AuricleError(
      "argument",
      `rank ${i + 1} differs from rank 0 in ${what}${isHash ? "" : `: ${has ?? "nothing"} and ${had}`}; all ranks need the same data, ` +
        "options, versions and kind of machine code",
    );
  });
}
