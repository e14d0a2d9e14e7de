/** @file API keys. Compared in a time that does not depend on what is wrong with one. Node only. */

import { createHash, timingSafeEqual } from "node:crypto";
import { AuricleError } from "../errors.ts";

/** Short ones can be found by trying. */
const LEAST_LENGTH = 16;

export class ApiKeys {
  /** All of one length, whatever the keys are. */
  private readonly hashes: readonly Buffer[];

  /** @throws AuricleError "argument" for keys that are too short, or with characters that no header has */
  constructor(keys: readonly string[]) {
    for (const key of keys) {
      if (!/^[\x21-\x7e]+$/.test(key) || key.length < LEAST_LENGTH) {
        throw new AuricleError(
          "argument",
          `an API key has ${LEAST_LENGTH} or more characters of ASCII, without spaces; got one of ${key.length}. ` +
            "openssl rand -hex 32 makes one",
        );
      }
    }
    this.hashes = keys.map(hashOf);
  }

  /** Whether keys are needed at all. */
  get areNeeded(): boolean {
    return this.hashes.length > 0;
  }

  /** Whether headers have one of the keys: `Authorization: Bearer …` or `X-API-Key: …`. */
  allows(headers: { readonly authorization?: string; readonly apiKey?: string }): boolean {
    if (!this.areNeeded) return true;
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? headers.apiKey;
    if (given === undefined) return false;
    const hash = hashOf(given);
    let isKnown = false;
    // All of them, so that the time does not tell which one it is.
    for (const known of this.hashes) isKnown = timingSafeEqual(hash, known) || isKnown;
    return isKnown;
  }
}

/** The keys of a file, one a line; empty lines and comments after "#" are left out. */
export function keysInText(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
