/**
 * @file Turns the formulas of components into MathML when the studio is built, so that the page has no script for them.
 *
 *     <Formula tex={String.raw`y_m = \sum_k x_k w_{km} + b_m`} />             within a line
 *     <Formula display tex={String.raw`\lfloor \frac{n}{s} \rfloor`} />       on a line of its own
 */
import temml from "temml";

/** @returns {import("svelte/compiler").PreprocessorGroup} */
export function formulas() {
  return {
    name: "formulas",
    markup({ content, filename }) {
      if (filename?.endsWith("Formula.svelte")) return undefined;
      const code = content.replace(
        /<Formula\s+(display\s+)?tex=\{String\.raw`([^`]*)`\}\s*\/>/g,
        /** @param {string} _ @param {string | undefined} display @param {string} tex */
        (_, display, tex) => mathOf(tex, display !== undefined, filename),
      );
      return { code };
    },
  };
}

/** @param {string} tex @param {boolean} displayMode @param {string | undefined} filename */
function mathOf(tex, displayMode, filename) {
  try {
    // Braces are Svelte's; styles in attributes are forbidden by the content security policy.
    return temml
      .renderToString(tex.trim(), { displayMode, throwOnError: true })
      .replace(/ style="[^"]*"/g, "")
      .replaceAll("{", "&#123;")
      .replaceAll("}", "&#125;");
  } catch (error) {
    throw new Error(`${filename}: ${tex}: ${error instanceof Error ? error.message : error}`);
  }
}
