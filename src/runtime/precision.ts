/** @file The precisions that programs may round to. */
import { platform } from "#platform";
import { AuricleError } from "../errors.ts";
import type { TargetName } from "./target.ts";

/**
 * The precision that factors of large sums may be rounded to. bfloat16 has float32's range with 8 bits of precision; products
 * are still summed in float32.
 */
export type Precision = "float32" | "bfloat16";

export const PRECISIONS: readonly Precision[] = ["float32", "bfloat16"];

/** Whether programs for a target may round factors so: bfloat16 takes AVX512-BF16. */
export function supportsPrecision(target: TargetName, precision: Precision): boolean {
  return precision === "float32" || (target === "avx512" && platform.native?.hasBfloat16() === true);
}

/** @throws AuricleError "unsupported" if the target or the processor has none of it. */
export function checkPrecision(target: TargetName, precision: Precision): void {
  if (supportsPrecision(target, precision)) return;
  throw new AuricleError(
    "unsupported",
    target === "avx512"
      ? `precision ${precision}: this processor has no AVX512-BF16; use precision float32`
      : `precision ${precision}: target ${target} has none, it takes target avx512 on a processor with AVX512-BF16; ` +
          `use precision float32`,
  );
}
