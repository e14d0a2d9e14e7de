/** @file A folder as a browser gives it to a page that may read it, such as showDirectoryPicker does. For tests. */

/** Files by their names, and folders in the same form. */
export interface PickedFiles {
  readonly [name: string]: string | PickedFiles;
}

const readOnly = () => Promise.reject(new DOMException("only reading is allowed", "NotAllowedError"));

class PickedFile implements FileSystemFileHandle {
  readonly kind = "file";
  readonly createWritable = readOnly;
  readonly name: string;
  private readonly content: string;

  constructor(name: string, content: string) {
    this.name = name;
    this.content = content;
  }

  getFile(): Promise<File> {
    return Promise.resolve(new File([this.content], this.name));
  }

  isSameEntry(other: FileSystemHandle): Promise<boolean> {
    return Promise.resolve(other === this);
  }
}

/** Fails as the File System API specifies. */
export class PickedFolder implements FileSystemDirectoryHandle {
  readonly kind = "directory";
  readonly removeEntry = readOnly;
  readonly name: string;
  /** Whether the user has taken back that the page may read. */
  isRevoked = false;
  private readonly children: ReadonlyMap<string, PickedFile | PickedFolder>;

  constructor(name: string, files: PickedFiles) {
    this.name = name;
    const made = Object.entries(files).map(([child, content]) =>
      typeof content === "string" ? new PickedFile(child, content) : new PickedFolder(child, content),
    );
    this.children = new Map(made.map((child) => [child.name, child]));
  }

  async getDirectoryHandle(name: string): Promise<PickedFolder> {
    const child = await this.child(name);
    if (child instanceof PickedFolder) return child;
    throw new DOMException(`${name} is a file`, "TypeMismatchError");
  }

  async getFileHandle(name: string): Promise<PickedFile> {
    const child = await this.child(name);
    if (child instanceof PickedFile) return child;
    throw new DOMException(`${name} is a folder`, "TypeMismatchError");
  }

  async *entries(): AsyncGenerator<[string, FileSystemHandle], undefined> {
    this.check();
    for (const entry of this.children) yield await Promise.resolve(entry);
  }

  async *keys(): AsyncGenerator<string, undefined> {
    for await (const [name] of this.entries()) yield name;
  }

  async *values(): AsyncGenerator<FileSystemHandle, undefined> {
    for await (const [, child] of this.entries()) yield child;
  }

  [Symbol.asyncIterator](): AsyncGenerator<[string, FileSystemHandle], undefined> {
    return this.entries();
  }

  resolve(): Promise<null> {
    return Promise.resolve(null);
  }

  isSameEntry(other: FileSystemHandle): Promise<boolean> {
    return Promise.resolve(other === this);
  }

  private child(name: string): Promise<PickedFile | PickedFolder> {
    this.check();
    const child = this.children.get(name);
    if (child) return Promise.resolve(child);
    return Promise.reject(new DOMException(`there is no ${name}`, "NotFoundError"));
  }

  private check(): void {
    if (this.isRevoked) throw new DOMException("the page may not read", "NotAllowedError");
  }
}
