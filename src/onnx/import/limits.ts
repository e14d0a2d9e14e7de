/** @file The limits of what is read from an ONNX file: published networks lie far below, hostile files far above. */
export const LIMITS = {
  /** Bytes of one file. */
  bytes: 2 ** 31,
  /** Messages in a file: nodes, attributes, tensors, descriptions of values. */
  messages: 2 ** 21,
  /** Numbers in lists that are not raw bytes. */
  listed: 2 ** 26,
  /** Messages within each other. */
  depth: 40,
  /** Nodes, with those of functions written out. */
  nodes: 20_000,
  /** Functions within each other. */
  calls: 16,
  /** Numbers of all constants together. */
  numbers: 2 ** 28,
  /** Axes of a tensor. */
  rank: 16,
  /** Problems that a message lists. */
  problems: 200,
} as const;
