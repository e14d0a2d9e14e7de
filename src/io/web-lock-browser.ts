/** @file Locks that all tabs and workers of a site share. For browsers only. */

/**
 * Takes a lock for as long as this tab or worker lives, unless somebody holds it.
 * @returns a function that gives it back; undefined where somebody else has it
 */
export function holdLock(name: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((giveBack) => {
        resolve(async () => {
          giveBack();
          await held;
        });
      });
    });
    held.catch(reject);
  });
}

/** Whether some tab or worker of this site holds a lock. */
export async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}
