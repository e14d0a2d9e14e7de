/** @file Files that are dropped on the page, those in dropped folders too, with their paths. */

/** A file of the reader's, with its path below what was dropped or chosen. */
export interface NamedFile {
  readonly path: string;
  readonly file: File;
}

/** Reads what was dropped; folders with all that is in them. Must be called while the event is handled. */
export function droppedFiles(data: DataTransfer): Promise<readonly NamedFile[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve(chosenFiles(data.files));
  return Promise.all(entries.map((entry) => (entry ? filesIn(entry) : []))).then((found) => found.flat());
}

/** The files that an `<input type="file">` has; of a folder with their paths. */
export function chosenFiles(files: FileList | null): readonly NamedFile[] {
  return [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function filesIn(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const found: NamedFile[] = [];
  // A reader gives some entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesIn(one)));
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
