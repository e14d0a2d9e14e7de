/** @file The figures of a converged head, as they are kept and told; converged-head.ts trains it. Browser-safe. */

import * as z from "zod/mini";

/** The figures of a converged head, as checkpoints and result.json have them. */
export const headChoiceSchema = z.strictObject({
  /** The strength of L2. */
  strength: z.number(),
  /** The examples that it was chosen on: the validation part, or parts of the training part held out one after the other. */
  chosenOn: z.enum(["validation", "training", "nothing"]),
  /** The mean over these examples of the loss of their answer, which is the mean over their windows. */
  tried: z.array(z.strictObject({ strength: z.number(), loss: z.number() })),
  /** The number of features that the head takes. */
  features: z.int(),
  iterations: z.int(),
  converged: z.boolean(),
});

export type HeadChoice = z.infer<typeof headChoiceSchema>;

/** Says in a sentence how a head was trained. */
export function describeHead({
  strength,
  chosenOn,
  tried,
  features,
  iterations,
  converged,
}: HeadChoice): string {
  const losses = tried.map((one) => `${one.strength}: ${one.loss.toFixed(3)}`).join(", ");
  const how = {
    validation: `with the least loss on the validation part (${losses})`,
    training: `with the least loss on parts of the training part held out in turn (${losses})`,
    nothing: "which was not chosen among several, as nothing could be held out",
  }[chosenOn];
  const end = converged ? "converged" : "not converged";
  return `Linear head on ${features} frozen features: L2 ${strength}, ${how}; ${end} after ${iterations} iterations.`;
}
