import { AuricleError } from "../../errors.ts";
import type { Dataset } from "../dataset.ts";
import type { ArrayDatasetDefinition, DatasetRole } from "../definition.ts";
import { CIFAR_CLASSES, CIFAR_FILE_BYTES, CIFAR_FILES, cifarDataset } from "../images/cifar.ts";
import { readTarEntries } from "../images/tar-entries-node.ts";

const ARCHIVE = "cifar-10-binary.tar.gz";

/**
 * Small photographs. The authors publish the MD5 sum c32a1d4ab5d03f1284b67883e8d87530; the SHA-256 sum here is that which
 * several independent projects publish for the archive of this size and MD5 sum.
 */
export const cifar10: ArrayDatasetDefinition = {
  kind: "arrays",
  name: "cifar-10",
  title: "CIFAR-10: animals and vehicles, photographs of 32×32 pixels in colour",
  licence: "none stated, its authors ask to be cited",
  citation: "Alex Krizhevsky: Learning Multiple Layers of Features from Tiny Images, technical report, 2009",
  homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
  classNames: CIFAR_CLASSES,
  examples: { train: 50_000, test: 10_000 },
  files: [
    {
      name: ARCHIVE,
      roles: ["train", "test"],
      urls: [`https://www.cs.toronto.edu/~kriz/${ARCHIVE}`],
      bytes: 170_052_171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      copies: [],
    },
  ],
  systemFolders: [],
  load: (files, role) => loadCifar10(files.get(ARCHIVE), role),
};

/** @throws AuricleError "file" for an archive that is damaged or lacks a file. */
export async function loadCifar10(path: string | undefined, role: DatasetRole): Promise<Dataset> {
  if (path === undefined) throw new AuricleError("argument", "load: the path of the archive is needed");
  const names = CIFAR_FILES[role];
  const contents = await readTarEntries(path, names, CIFAR_FILE_BYTES);
  const files = contents.map((bytes, i) => ({ path: `${path}/${names[i]}`, bytes }));
  return cifarDataset(`cifar-10 (${role})`, files);
}
