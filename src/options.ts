/**
 * @file Checks of option objects: refuses values that are no objects, and unknown names. TypeScript does this where it can;
 * JavaScript, variables and files need it at run time. Browser-safe.
 */
import { closestName } from "./closest-name.ts";
import { AuricleError } from "./errors.ts";
import { shownValue } from "./shown-value.ts";

type NameOf<Options> = Options extends unknown ? keyof Options : never;

/**
 * The names of a function's options: the compiler demands each of them, and no other. The first is the one that a bare
 * value most likely stands for: `sgd(0.5)` is told of `sgd({ learningRate: 0.5 })`.
 */
export type OptionNames<Options> = { readonly [Name in NameOf<Options>]: true };

/** The options of a function that has none, so that it can refuse any. */
export interface NoOptions {
  readonly [name: string]: never;
}

/**
 * Refuses options that `where` does not have.
 * @param where the function's name, which messages begin with
 * @param before how the function's other arguments look in an example: "x, y, "
 * @throws AuricleError "argument" for a value that is no object with options, or a name that is not among `names`; the message
 *   shows the right call, or the name that was probably meant
 */
export function checkOptions<Options extends object>(
  where: string,
  options: Options,
  names: OptionNames<NoInfer<Options>>,
  before = "",
): void {
  checkOptionList(where, options, Object.keys(names), before);
}

/** As {@link checkOptions}, with names that are known at run time only. */
export function checkOptionList(
  where: string,
  options: unknown,
  names: readonly string[],
  before = "",
): void {
  if (!isOptions(options)) {
    const example =
      names.length > 0
        ? `, as ${where}(${before}{ ${names[0]}: ${options === undefined ? "…" : shownValue(options)} })`
        : "";
    throw new AuricleError(
      "argument",
      `${where}: options must be an object${example}; got ${shownValue(options)}`,
    );
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownOption(where, unknown, names);
}

/** `; did you mean "adam"?` for a name that is near one of `names`, else nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  const closest = closestName(name, names);
  return closest === undefined ? "" : `; did you mean "${closest}"?`;
}

/** The error for an option that `where` does not have. */
export function unknownOption(where: string, name: string, names: readonly string[]): AuricleError {
  const has = names.length === 0 ? "has no options" : `options are ${names.join(", ")}`;
  return new AuricleError("argument", `${where}: ${has}; got "${name}"${didYouMean(name, names)}`);
}

function isOptions(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
