/** @file The files of `assets.ts` for a page that is one file: scripts are texts of elements in the page. */

export function startModelWorker(): Worker {
  return new Worker(addressOf("auricle-worker"));
}

export function recorderAddress(): string {
  return addressOf("auricle-recorder");
}

function addressOf(id: string): string {
  // As JSON: within a page line ends become others, and decoders have bytes in their text.
  const text = JSON.parse(document.getElementById(id)?.textContent ?? '""') as string;
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}
