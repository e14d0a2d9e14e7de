/** @file Puts stretches of bytes into one file, one after the other. Browser-safe. */
import type { PlanBytes } from "../web-runtime/plan.ts";

export class BinaryWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** @returns where they lie */
  append(bytes: Uint8Array): PlanBytes {
    const at = this.length;
    this.parts.push(bytes);
    this.length += bytes.length;
    return [at, bytes.length];
  }

  finish(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}
