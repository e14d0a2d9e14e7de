import type { ArrayDatasetDefinition } from "../definition.ts";
import { idxImageSet } from "./idx-images.ts";

/**
 * Zalando's articles of clothing. The authors publish MD5 sums; the SHA-256 sums here are of files with those MD5
 * sums. Debian's and Ubuntu's package `dataset-fashion-mnist` holds the same data without name and date in the gzip
 * header, hence other sums.
 */
export const fashionMnist: ArrayDatasetDefinition = idxImageSet({
  name: "fashion-mnist",
  title: "Fashion-MNIST: articles of clothing, 28×28 grey",
  licence: "MIT",
  citation:
    "Han Xiao, Kashif Rasul, Roland Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine " +
    "Learning Algorithms, 2017, arXiv:1708.07747",
  homepage: "https://github.com/zalandoresearch/fashion-mnist",
  classNames: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  systemFolders: ["/usr/share/datasets/fashion-mnist"],
  mirrors: [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ],
  trainImages: {
    bytes: 26421880,
    sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    plainSha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    compressedCopies: [
      { bytes: 26421856, sha256: "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7" },
    ],
  },
  trainLabels: {
    bytes: 29515,
    sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    plainSha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    compressedCopies: [
      { bytes: 29491, sha256: "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056" },
    ],
  },
  testImages: {
    bytes: 4422102,
    sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    plainSha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    compressedCopies: [
      { bytes: 4422079, sha256: "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa" },
    ],
  },
  testLabels: {
    bytes: 5148,
    sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    plainSha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    compressedCopies: [
      { bytes: 5125, sha256: "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05" },
    ],
  },
});
