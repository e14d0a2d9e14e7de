/** @file The reader of CSV with a Buffer of its own. `csv-node.ts` is the same for Node.js. */
export { CsvError, parse } from "csv-parse/browser/esm/sync";
