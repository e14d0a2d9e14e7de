/** @file The part of collections that differs by medium. */

import type { ExampleKind } from "./entry.ts";
import type { Example } from "./collection.ts";
import type { FileKind } from "./files.ts";
import type { ListRow } from "./list-rows.ts";
import type { ListedMedium } from "./list-text.ts";

/** The contents of the columns of a list that only one medium has, for each row. */
export interface ReadColumns<F extends object> {
  readonly facts: readonly F[];
  readonly notes: readonly string[];
}

/** How files of a medium are found and listed. For Node.js. */
export interface Medium<F extends object, E extends Example>
  extends ExampleKind<F, E>, FileKind, ListedMedium {
  /** The columns of a list that it takes besides path, labels, split and group, in lower case. */
  readonly columns: readonly string[];
  /** @throws AuricleError "data" naming the list and the line of a cell that it cannot take. */
  readColumns(list: string, rows: readonly ListRow[]): ReadColumns<F>;
}
