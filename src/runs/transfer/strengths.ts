/** @file The strengths of L2 among which a converged head's is chosen. Browser-safe. */

import type { TransferName } from "../options/names.ts";

/** For standardised features, as `fitLinearHead` takes them; each about three times the one before. */
export const STRENGTHS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** Whether training begins with a head that is trained to convergence while all before it stays as it is. */
export function hasHead(transfer: { readonly how: TransferName } | null): boolean {
  return transfer !== null && ["frozen", "fine-tuned"].includes(transfer.how);
}
