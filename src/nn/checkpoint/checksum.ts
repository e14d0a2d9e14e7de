import { mix32 } from "../../random/generator.ts";
import type { NumericArray } from "../../tensor/array.ts";

/**
 * 32 bits that change with any single changed character, name or number (each is folded in by a bijection), and with
 * nearly all other damage. No protection against forgery.
 */
export function checksum(
  texts: readonly string[],
  tensors: Iterable<readonly [string, NumericArray]>,
): string {
  let key = 0;
  const fold = (value: number) => {
    key = mix32((key ^ value) + 0x9e3779b9);
  };
  const foldText = (text: string) => {
    fold(text.length);
    for (let i = 0; i < text.length; i++) fold(text.charCodeAt(i));
  };
  texts.forEach(foldText);
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { shape, data }] of sorted) {
    foldText(name);
    shape.forEach(fold);
    const words = new Int32Array(data.buffer, data.byteOffset, data.length);
    for (const word of words) fold(word);
  }
  return key.toString(16).padStart(8, "0");
}
