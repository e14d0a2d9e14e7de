/** @file The files of folders that are dropped on a page or chosen, with their paths. */

export interface FolderFile {
  /** Below the place that was dropped or chosen, with "/": "genres/blues/1.wav". */
  readonly path: string;
  readonly file: File;
}

/** The files of an `<input webkitdirectory>`. */
export function chosenFiles(files: FileList): FolderFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** The files of all that was dropped, folders with what is in them. To be called before the event has ended. */
export async function droppedFiles(items: DataTransferItemList): Promise<FolderFile[]> {
  // The list is empty after the event, so all of it is asked for at once.
  const dropped = Array.from(items, (item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const all = dropped.map(({ entry, file }) => {
    if (entry) return filesOf(entry);
    // What does not come from a file system, such as a picture of another page, has no entry.
    return file ? [{ path: file.name, file }] : [];
  });
  return (await Promise.all(all)).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<FolderFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  if (!isFolder(entry)) return [];
  return (await Promise.all((await entriesOf(entry)).map(filesOf))).flat();
}

/** Browsers give a folder's entries in pieces of a hundred; an empty piece is the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
