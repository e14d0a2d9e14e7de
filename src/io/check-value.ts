/**
 * @file Checks of values that come from files against schemas. Schemas are written with `zod/mini`, which leaves code that
 * a page's schemas do not use out of the page. Browser-safe.
 */
import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";

const english = en();

/** The result of `checkValue`: a value that fits its schema, or the error in it. */
export type CheckedValue<T> =
  { readonly success: true; readonly data: T } | { readonly success: false; readonly problem: string };

/** Compares a value with a schema. A problem is a text of one line or more, which names each path. */
export function checkValue<S extends z.ZodMiniType>(schema: S, value: unknown): CheckedValue<z.output<S>> {
  // The messages are given here and not set for all of the page, whose own schemas may have others.
  const { success, data, error } = z.safeParse(schema, value, { error: english.localeError });
  return success ? { success, data } : { success, problem: z.prettifyError(error) };
}
