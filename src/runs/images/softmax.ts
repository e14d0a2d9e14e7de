/** @file Probabilities from what a classifier gives. */

/** Probabilities from logits. */
export function softmax(logits: Float32Array): Float32Array {
  const greatest = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - greatest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}
