/** @file Requests as text: equal text for requests of the same kernel and for no others. */
import type { ElementwiseFunction, Expression } from "./expression.ts";
import type { KernelRequest } from "./requests.ts";

/**
 * The key of a request: its kind, and its data in their order. Elementwise functions stand as their names. An expression that is met
 * again is "#n" for the n-th application, so that the text grows with the graph and not with its paths.
 */
export function requestKey({ kind, ...data }: KernelRequest): string {
  return `${kind} ${dataKey(data)}`;
}

/** The key of plain data: numbers, texts, truth values, lists, objects and expressions. */
export function dataKey(data: object): string {
  return new KeyWriter().write(data);
}

class KeyWriter {
  private readonly numbers = new Map<object, number>();

  write(value: unknown): string {
    if (typeof value === "number") return exactText(value);
    if (typeof value === "string") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map((one) => this.write(one)).join(",")}]`;
    if (typeof value !== "object" || value === null) return String(value);
    if (isFunction(value)) return value.name;
    return isApplication(value) ? this.application(value) : this.object(value);
  }

  private object(value: object): string {
    let text = "";
    for (const [name, one] of Object.entries(value)) {
      if (one !== undefined) text += `${text && ","}${name}:${this.write(one)}`;
    }
    return `{${text}}`;
  }

  private application(expression: Application): string {
    const known = this.numbers.get(expression);
    if (known !== undefined) return `#${known}`;
    this.numbers.set(expression, this.numbers.size);
    return this.object(expression);
  }
}

type Application = Extract<Expression, { kind: "apply" }>;

function isFunction(value: object): value is ElementwiseFunction {
  return "emit" in value;
}

function isApplication(value: object): value is Application {
  return "kind" in value && value.kind === "apply";
}

/** As `String`, but 0 and -0 differ. */
function exactText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
