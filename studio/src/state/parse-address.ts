/** @file The part of the address after "#": a path, and what the reader has set there. */

export interface Place {
  /** "/learn/convolution"; "/" is the first view. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** @param hash as `location.hash` has it */
export function parseAddress(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  return { path: path.startsWith("/") ? path : "/", query: new URLSearchParams(query) };
}

/** The text after "#" of a place; commas stay readable, since lists of numbers have many. */
export function addressText({ path, query }: Place): string {
  const text = query.toString().replaceAll("%2C", ",");
  return text === "" ? `#${path}` : `#${path}?${text}`;
}

/** How one value stands in an address. */
export interface Parameter<T> {
  readonly initial: T;
  /** @returns undefined for a text that is none of its values, which are then left out */
  read(text: string): T | undefined;
  write(value: T): string;
}

export function number(initial: number, min: number, max: number): Parameter<number> {
  return {
    initial,
    read(text) {
      const value = Number(text);
      return text.trim() !== "" && value >= min && value <= max ? value : undefined;
    },
    write: shortNumber,
  };
}

export function whole(initial: number, min: number, max: number): Parameter<number> {
  const any = number(initial, min, max);
  return {
    ...any,
    read(text) {
      const value = any.read(text);
      return Number.isInteger(value) ? value : undefined;
    },
  };
}

/** One of some numbers, such as powers of two. */
export function oneOf(initial: number, values: readonly number[]): Parameter<number> {
  return {
    initial,
    read: (text) => (text.trim() === "" ? undefined : values.find((value) => value === Number(text))),
    write: String,
  };
}

export function choice<const T extends string>(initial: NoInfer<T>, values: readonly T[]): Parameter<T> {
  return {
    initial,
    read: (text) => values.find((value) => value === text),
    write: (value) => value,
  };
}

export function flag(initial: boolean): Parameter<boolean> {
  return {
    initial,
    read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
    write: (value) => (value ? "1" : "0"),
  };
}

export function text(initial: string, maxLength = 200): Parameter<string> {
  return {
    initial,
    read: (value) => (value.length <= maxLength ? value : undefined),
    write: (value) => value,
  };
}

/**
 * A list of numbers, such as the weights of a filter.
 * @param maxCount longer lists are refused
 * @param limit and so are lists with a number whose size is above it: sums of such numbers would be infinite
 */
export function numbers(
  initial: readonly number[],
  maxCount: number,
  limit = 1e9,
): Parameter<readonly number[]> {
  return {
    initial,
    read(list) {
      const values = list.split(",").map((item) => (item.trim() === "" ? Number.NaN : Number(item)));
      return values.length <= maxCount && values.every((value) => Math.abs(value) <= limit)
        ? values
        : undefined;
    },
    write: (values) => values.map(shortNumber).join(","),
  };
}

/** Three decimals are more than a hand sets. */
function shortNumber(value: number): string {
  return String(Number(value.toFixed(3)));
}
