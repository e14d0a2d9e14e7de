/** @file How much the tests on random cases draw, and which cases. */

/** How many times as many cases as usual are drawn: the environment variable AURICLE_FUZZ. */
export const FUZZ_TIMES = Number(process.env.AURICLE_FUZZ ?? 1);

/** Another number draws other cases: the environment variable AURICLE_FUZZ_SEED. */
export const FUZZ_SEED = Number(process.env.AURICLE_FUZZ_SEED ?? 0);
