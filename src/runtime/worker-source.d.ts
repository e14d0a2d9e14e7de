/** The script of a browser's worker threads: worker.js and what it imports, as text. `npm run build` makes it. */
export const workerSource: string;
