/** @file Counts checks and says how each one went. */

export class Checks {
  #failed = 0;

  check(what, holds, details) {
    if (!holds) this.#failed++;
    console.log(`${holds ? "ok" : "FAILED"}: ${what}: ${details}`);
  }

  skip(what, reason) {
    console.log(`skipped: ${what}: ${reason}`);
  }

  /** The exit code. */
  finish() {
    console.log(this.#failed === 0 ? "verify: all checks passed" : `verify: ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}
