/** @file Parameters of operations as text: equal text for equal parameters and for no others. */

/**
 * The key of plain data: numbers, texts, lists, objects, typed arrays, and objects that say as `toJSON` what they consist of. Typed
 * arrays, which may be long, stand as their type, length and 64 bits of their contents' hash. The order of an object's entries counts.
 */
export function parametersKey(parameters: object): string {
  return JSON.stringify(parameters, exactValue);
}

/** JSON has no -0, NaN or infinities; keys must tell them from 0 and null. */
function exactValue(_: string, value: unknown): unknown {
  if (typeof value === "number") {
    if (Object.is(value, -0)) return "number -0";
    return Number.isFinite(value) ? value : `number ${value}`;
  }
  return ArrayBuffer.isView(value) ? contentKey(value) : value;
}

function contentKey(array: ArrayBufferView): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return `${array.constructor.name} ${bytes.length} ${hash(bytes, 0x9e3779b9)}${hash(bytes, 0x85ebca6b)}`;
}

/** MurmurHash3 (A. Appleby, public domain) of 32 bits, of whole words and then the bytes that are left. */
function hash(bytes: Uint8Array, seed: number): string {
  let state = seed;
  const mix = (word: number) => {
    const scrambled = Math.imul(word, 0xcc9e2d51);
    state ^= Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;
  };
  const count = Math.floor(bytes.length / 4);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, count);
  for (let i = 0; i < count; i++) mix(words[i]);
  for (let i = 4 * count; i < bytes.length; i++) mix(bytes[i]);
  state ^= bytes.length;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
