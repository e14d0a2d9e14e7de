/** @file The order in which nodes can be run: each after those whose results it takes. */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import type { OnnxNode } from "./graph.ts";

/** All values that a node takes, those that its subgraphs take from around it among them. */
function takenBy({ inputs, captured = [] }: OnnxNode): readonly string[] {
  return captured.length === 0 ? inputs : [...inputs, ...captured];
}

/**
 * Sorts nodes so that each comes after those whose results it takes; those on which no output depends are left out.
 * @param isGiven whether a value is there before the nodes run
 * @throws AuricleError "file" for names that nothing gives or two nodes give, and for cycles
 */
export function inOrder(
  nodes: readonly OnnxNode[],
  isGiven: (name: string) => boolean,
  outputs: readonly string[],
  file: string,
): OnnxNode[] {
  const makers = new Map<string, OnnxNode>();
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === "") continue;
      if (makers.has(name) || isGiven(name)) {
        throw new AuricleError("file", `${file}: two values are called ${shownValue(name)}`);
      }
      makers.set(name, node);
    }
  }
  const ordered: OnnxNode[] = [];
  const state = new Map<OnnxNode, "open" | "done">();
  const stack: { readonly node: OnnxNode; readonly taken: readonly string[]; next: number }[] = [];
  const visit = (name: string, reader: string) => {
    if (name === "" || isGiven(name)) return;
    const node = makers.get(name);
    if (!node)
      throw new AuricleError("file", `${file}: ${reader} takes ${shownValue(name)}, which nothing gives`);
    if (state.get(node) === "done") return;
    if (state.get(node) === "open") {
      throw new AuricleError(
        "file",
        `${file}: the graph has a cycle: ${shownValue(node.name)} depends on itself`,
      );
    }
    state.set(node, "open");
    stack.push({ node, taken: takenBy(node), next: 0 });
  };
  for (const output of outputs) {
    visit(output, "the model's output");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { node, taken, next } = top;
      if (next < taken.length) {
        top.next++;
        visit(taken[next], `node ${shownValue(node.name)}`);
      } else {
        stack.pop();
        state.set(node, "done");
        ordered.push(node);
      }
    }
  }
  return ordered;
}
