/** @file An answer as a table: names, bars and numbers. Browser-safe. */
import type { Plan } from "../plan.ts";
import { make } from "./dom.ts";

export interface NamedOutput {
  readonly name: string;
  readonly value: number;
}

/** The outputs with their names: the most probable first, numbers in their own order. */
export function namedOutputs(
  { task, classNames }: Pick<Plan, "task" | "classNames">,
  outputs: Float32Array,
): NamedOutput[] {
  const named = classNames.map((name, i) => ({ name, value: outputs[i] }));
  return task === "regression" ? named : named.sort((a, b) => b.value - a.value);
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** A value as it is shown: a probability in percent, or a number. */
export function shownOutput(task: Plan["task"], value: number): string {
  return task === "regression" ? String(Number(value.toPrecision(5))) : percent(value);
}

/** Makes the rows of a table. */
export function resultRows(task: Plan["task"], outputs: readonly NamedOutput[]): HTMLTableRowElement[] {
  return outputs.map(({ name, value }, i) => {
    const cells: Node[] = [make("th", { scope: "row", part: "name" }, name)];
    if (task !== "regression") {
      const filled = make("div");
      filled.style.transform = `scaleX(${value})`;
      cells.push(make("td", { "aria-hidden": "true" }, make("div", { part: "bar" }, filled)));
    }
    cells.push(make("td", { part: "value" }, shownOutput(task, value)));
    const isFirst = i === 0 && task === "classification";
    return make("tr", { part: "row", "data-first": isFirst ? true : undefined }, ...cells);
  });
}
