/** @file The types by which files are sent. */

import { extname } from "node:path";

const TEXT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".json": "application/json",
  ".jsonl": "application/jsonl",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const OTHER_TYPES: Readonly<Record<string, string>> = {
  ".safetensors": "application/octet-stream",
  ".woff2": "font/woff2",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".bmp": "image/bmp",
  ".ico": "image/x-icon",
  ".wav": "audio/wav",
  ".aiff": "audio/aiff",
  ".au": "audio/basic",
  ".caf": "audio/x-caf",
  ".mp3": "audio/mpeg",
  ".flac": "audio/flac",
  ".ogg": "audio/ogg",
  ".opus": "audio/ogg",
  ".webm": "audio/webm",
  ".m4a": "audio/mp4",
  ".aac": "audio/aac",
};

const TYPES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(TEXT_TYPES),
  ...Object.entries(OTHER_TYPES),
]);
const COMPRESSIBLE: ReadonlySet<string> = new Set(Object.values(TEXT_TYPES));

/** The type by the ending of a name; bytes of no particular type for any other. */
export function typeOfName(name: string): string {
  return typeOfEnding(extname(name));
}

/** The type of a recording or a picture by its format: "mp3", "jpeg". */
export function typeOfFormat(format: string): string {
  return typeOfEnding(`.${format}`);
}

function typeOfEnding(ending: string): string {
  return TYPES.get(ending.toLowerCase()) ?? "application/octet-stream";
}

/** Whether content of a type becomes much smaller: text and machine code; sounds and pictures are compressed already. */
export function isCompressible(type: string): boolean {
  return COMPRESSIBLE.has(type);
}
