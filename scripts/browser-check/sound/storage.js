/** @file Where a page keeps models: the examples of docs/browser.md. */
import { modelFromBytes, modelToBytes } from "auricle";

/** A model from the network at the first visit, and from the browser's cache later. */
export async function cachedModel(address) {
  const cache = await caches.open("models");
  let response = await cache.match(address);
  if (!response) {
    response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    await cache.put(address, response.clone());
  }
  return modelFromBytes(await response.arrayBuffer(), address);
}

/** Keeps a model that was trained in the page as a file of the page's own (OPFS). */
export async function keepModel(name, model) {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle(name, { create: true });
  const stream = await file.createWritable();
  await stream.write(modelToBytes(model));
  await stream.close();
}

export async function keptModel(name) {
  const folder = await navigator.storage.getDirectory();
  const file = await (await folder.getFileHandle(name)).getFile();
  return modelFromBytes(await file.arrayBuffer(), name);
}

/** The same in a database (IndexedDB). */
function inDatabase(mode, use) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("models", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("files", mode);
      const request = use(transaction.objectStore("files"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    };
  });
}

export async function storeModel(name, model) {
  await inDatabase("readwrite", (files) => files.put(modelToBytes(model), name));
}

export async function storedModel(name) {
  return modelFromBytes(await inDatabase("readonly", (files) => files.get(name)), name);
}
