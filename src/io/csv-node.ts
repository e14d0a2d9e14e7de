/** @file The reader of CSV. Node only; `csv-browser.ts` is the same for browsers, which have no Buffer. */
export { CsvError, parse } from "csv-parse/sync";
