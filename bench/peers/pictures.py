"""Pictures for a benchmark, and their decoding by Pillow: resized with its reducing bilinear filter, and cropped.

    python bench/peers/pictures.py make --folder pictures --count 10000
    python bench/peers/pictures.py read --folder pictures --processes 2 --side 96
"""

import argparse
import json
import os
import time
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy
import PIL
from PIL import Image, ImageOps

WIDTH, HEIGHT, QUALITY = 320, 240, 85
# Pictures that differ; more files are copies of their bytes with another comment, so that each has a content of its own.
SCENES = 250


def scene(seed):
    """Smooth colours, edges and grain, about as hard to decode as a photograph."""
    rng = numpy.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (8, 10, 3), dtype=numpy.uint8))
    smooth = numpy.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), dtype=numpy.int16)
    edges = numpy.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST), dtype=numpy.int16)
    grain = rng.normal(0, 8, smooth.shape)
    return Image.fromarray((0.7 * smooth + 0.3 * edges + grain).clip(0, 255).astype(numpy.uint8))


def make(folder, numbers):
    for number in numbers:
        picture = scene(number % SCENES)
        picture.save(Path(folder) / f"{number}.jpg", quality=QUALITY, comment=str(number).encode())


def read(side, path):
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture.convert("RGB"))
        return numpy.asarray(ImageOps.fit(upright, (side, side), Image.Resampling.BILINEAR)).mean()


def processor_seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["make", "read"])
    parser.add_argument("--folder", required=True)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--side", type=int, default=96)
    options = parser.parse_args()
    if options.what == "make":
        parts = [range(i, options.count, options.processes) for i in range(options.processes)]
        with Pool(options.processes) as pool:
            pool.map(partial(make, options.folder), parts)
        return
    paths = sorted(Path(options.folder).iterdir())
    before, began = processor_seconds(), time.perf_counter()
    with Pool(options.processes) as pool:
        means = pool.map(partial(read, options.side), paths, chunksize=50)
        pool.close()
        pool.join()
    seconds = time.perf_counter() - began
    result = {"files": len(paths), "seconds": seconds, "processorSeconds": processor_seconds() - before}
    print(json.dumps({**result, "mean": float(numpy.mean(means)), "version": PIL.__version__}))


if __name__ == "__main__":
    main()
