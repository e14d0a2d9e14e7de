/** @file A collection that is opened to be looked at. Browser-safe. */

import { kindOfData } from "../runs/kinds.ts";
import type { DataSummary, ReadOptions } from "./session.ts";

/** @throws AuricleError "data" or "file" for data that are not understood. */
export async function describeData(data: string, options: ReadOptions): Promise<DataSummary> {
  const kind = await kindOfData(data);
  const { name, task, classNames, examples, problems, notes = [] } = await kind.open(data, options);
  const counts = classNames.map((_, i) => examples.filter(({ target }) => target[i] > 0).length);
  return {
    kind: kind.name,
    name,
    task,
    classNames,
    examples: examples.length,
    counts: task === "regression" ? [] : counts,
    problems,
    notes,
  };
}
