/** @file Work that a signal stops, where being stopped is no failure. Browser-safe. */

/** @returns undefined where the signal has ended the work @throws all other errors of it */
export async function unlessStopped<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}
