"""Pictures in every format that Auricle reads, with the pixels that Pillow decodes them to, and resized ones.

    python -m venv venv && venv/bin/pip install pillow numpy
    venv/bin/python tools/oracle/make_images.py
"""

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageOps

FIXTURE = Path(__file__).parent / "fixtures" / "images" / "pictures.json"
W, H = 37, 23


def picture(width=W, height=H):
    """Smooth colours with some noise."""
    rng = np.random.default_rng(7)
    small = Image.fromarray(rng.integers(0, 256, (5, 6, 3)).astype(np.uint8))
    smooth = np.asarray(small.resize((width, height), Image.BICUBIC)).astype(int)
    return Image.fromarray((smooth + rng.integers(-9, 10, smooth.shape)).clip(0, 255).astype(np.uint8))


def with_alpha(image):
    alpha = np.add.outer(np.arange(image.height) * 9, np.arange(image.width) * 3).clip(0, 255)
    return Image.fromarray(np.dstack([np.asarray(image.convert("RGB")), alpha.astype(np.uint8)]))


def saved(image, **options):
    file = io.BytesIO()
    image.save(file, **options)
    return file.getvalue()


def encoded(data):
    return base64.b64encode(bytes(data)).decode()


def png(rows, bits, color_type, interlaced=False, chunks=()):
    """PNG of kinds that Pillow does not write; rows: [height, width, samples]."""

    def packed(part):
        if bits == 16:
            return b"".join(b"\0" + row.astype(">u2").tobytes() for row in part)
        if bits == 8:
            return b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in part)
        lines = b""
        for row in part:
            values = row.reshape(-1)
            flags = ((values[:, None] >> np.arange(bits - 1, -1, -1)) & 1).reshape(-1)
            lines += b"\0" + np.packbits(flags.astype(np.uint8)).tobytes()
        return lines

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width = rows.shape[:2]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        parts = [rows[y::dy, x::dx] for x, y, dx, dy in passes]
        data = b"".join(packed(part) for part in parts if part.size)
    else:
        data = packed(rows)
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(interlaced))
    body = chunk(b"IHDR", header) + b"".join(chunk(*c) for c in chunks) + chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def bmp(width, height, bits, pixels, palette=b"", compression=0, masks=b"", header=40):
    """BMP of kinds that Pillow does not write; pixels as stored, height negative for the top row first."""
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        colors = len(palette) // 4
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(pixels), 0, 0, colors, 0)
        # Masks follow a header of 40 bytes and are a part of longer ones.
        info += masks + bytes(max(0, header - 40 - len(masks)))
    offset = 14 + len(info) + len(palette)
    return struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset) + info + palette + pixels


def padded_rows(rows):
    return b"".join(bytes(row) + bytes(-len(bytes(row)) % 4) for row in rows)


def packed_bits(indices, bits):
    flags = (indices[..., None] >> np.arange(bits - 1, -1, -1)) & 1
    return np.packbits(flags.reshape(len(indices), -1).astype(np.uint8), axis=1)


def run_lengths(indices, bits):
    """RLE8 or RLE4 with runs, stretches of single pixels, a jump and the ends of rows."""
    out = b""
    for number, row in enumerate(indices):
        x = 0
        if number == 3:
            # Pixels that a jump leaves out.
            out += bytes([0, 2, 5, 0])
            x = 5
        while x < len(row):
            run = 1
            while x + run < len(row) and run < 255 and row[x + run] == row[x]:
                run += 1
            rest = row[x : x + 7]
            if run > 2 or len(rest) < 3:
                out += bytes([run, int(row[x]) * (17 if bits == 4 else 1)])
                x += run
                continue
            values = bytes(rest) if bits == 8 else bytes(packed_bits(np.array([rest]), 4)[0])
            out += bytes([0, len(rest)]) + values + bytes(len(values) % 2)
            x += len(rest)
        out += bytes([0, 0])
    return out + bytes([0, 1])


def bmp_files(rgb):
    a = np.asarray(rgb).astype(int)
    width, height = rgb.size
    bottom_up = a[::-1]
    for bits in (4, 8):
        quantized = rgb.quantize(2**bits if bits < 8 else 40, dither=0)
        indices = np.asarray(quantized)[::-1]
        colors = np.array(quantized.getpalette()).reshape(-1, 3)
        palette = b"".join(bytes([b, g, r, 0]) for r, g, b in colors)
        if bits == 4:
            yield "bmp 4 bits", bmp(width, height, 4, padded_rows(packed_bits(indices, 4)), palette)
        core = b"".join(bytes([b, g, r]) for r, g, b in colors) + bytes(3 * (2**bits - len(colors)))
        stored = padded_rows(packed_bits(indices, bits))
        yield f"bmp {bits} bits of OS/2", bmp(width, height, bits, stored, core, header=12)
        runs = run_lengths(indices, bits)
        yield f"bmp RLE{bits}", bmp(width, height, bits, runs, palette, compression=1 if bits == 8 else 2)
    red, green, blue = np.moveaxis(bottom_up, 2, 0)
    five = ((red >> 3) << 10 | (green >> 3) << 5 | blue >> 3).astype("<u2")
    six = ((red >> 3) << 11 | (green >> 2) << 5 | blue >> 3).astype("<u2")
    yield "bmp 16 bits", bmp(width, height, 16, padded_rows(row.tobytes() for row in five))
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    yield "bmp 16 bits with masks", bmp(width, height, 16, padded_rows(row.tobytes() for row in six), b"", 3, masks)
    alpha = np.add.outer(np.arange(height) * 9, np.arange(width) * 3).clip(0, 255)
    four = np.dstack([bottom_up[..., ::-1], alpha]).astype(np.uint8)
    yield "bmp 32 bits", bmp(width, height, 32, four.tobytes())
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    yield "bmp 32 bits with alpha", bmp(width, height, 32, four.tobytes(), b"", 3, masks, header=108)
    yield "bmp top row first", bmp(width, -height, 24, padded_rows(row.astype(np.uint8).tobytes() for row in a[..., ::-1]))


def png_variants(rgb):
    grey = np.asarray(rgb.convert("L"))[..., None]
    palette = rgb.quantize(4, dither=0)
    colors = bytes(palette.getpalette())
    indices = np.asarray(palette)[..., None]
    yield "png 2 bits", png(grey >> 6, 2, 0)
    yield "png 1 bit interlaced", png(grey >> 7, 1, 0, True)
    yield "png grey of 16 bits", png(grey.astype(int) * 256 + 99, 16, 0)
    yield "png grey with alpha of 16 bits", png(np.dstack([grey, grey[::-1]]).astype(int) * 257, 16, 4)
    yield "png grey with a transparent value", png(grey, 8, 0, False, [(b"tRNS", struct.pack(">H", grey[3, 3, 0]))])
    yield "png palette of 2 bits interlaced", png(indices, 2, 3, True, [(b"PLTE", colors[:12])])
    trns = [(b"PLTE", colors[:12]), (b"tRNS", bytes([255, 0, 77]))]
    yield "png palette of 4 bits with transparency", png(indices, 4, 3, False, trns)
    gamma = [(b"gAMA", struct.pack(">I", 100000)), (b"sRGB", b"\0")]
    yield "png with gamma", png(np.asarray(rgb), 8, 2, False, gamma)
    for width, height in ((1, 1), (3, 2), (5, 9)):
        yield f"png interlaced {width} × {height}", png(np.asarray(picture(width, height)), 8, 2, True)


def jpeg_variants(rgb):
    cmyk = saved(rgb.convert("CMYK"), format="jpeg", quality=85)
    adobe = cmyk.index(b"\xff\xee")
    length = struct.unpack(">H", cmyk[adobe + 2 : adobe + 4])[0]
    assert cmyk[adobe + 4 : adobe + 9] == b"Adobe"
    yield "jpeg CMYK without Adobe's marker", cmyk[:adobe] + cmyk[adobe + 2 + length :]
    transform = adobe + 4 + 11
    yield "jpeg YCCK", cmyk[:transform] + b"\2" + cmyk[transform + 1 :]
    yield "jpeg CMYK progressive", saved(rgb.convert("CMYK"), format="jpeg", quality=85, progressive=True)
    yield "jpeg 1 × 1", saved(picture(1, 1), format="jpeg")


def webp_variants(rgb):
    inner = picture(20, 13)
    chunk = saved(inner, format="webp", lossless=True)[12:]
    size = lambda n: struct.pack("<I", n)[:3]
    frame = size(3) + size(1) + size(19) + size(12) + size(100) + b"\2" + chunk
    body = b"VP8X" + struct.pack("<I", 10) + b"\x12\0\0\0" + size(W - 1) + size(H - 1)
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6)
    body += b"ANMF" + struct.pack("<I", len(frame)) + frame + bytes(len(frame) % 2)
    yield "webp animation at an offset", b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    yield "webp lossy with alpha at low quality", saved(with_alpha(rgb), format="webp", quality=10, alpha_quality=20)


def files():
    rgb = picture()
    grey = rgb.convert("L")
    rgba = with_alpha(rgb)
    palette = rgb.quantize(13)
    yield "png RGB", saved(rgb, format="png")
    yield "png grey", saved(grey, format="png")
    yield "png grey with alpha", saved(rgba.convert("LA"), format="png")
    yield "png RGBA", saved(rgba, format="png")
    yield "png 1 bit", saved(grey.convert("1"), format="png")
    yield "png palette", saved(palette, format="png")
    yield "png palette with transparency", saved(palette, format="png", transparency=bytes([0, 90, 255]))
    yield "png RGB with a transparent colour", saved(rgb, format="png", transparency=rgb.getpixel((5, 5)))
    a = np.asarray(rgb)
    yield "png interlaced RGB", png(a, 8, 2, True)
    yield "png interlaced 2 bits", png(np.asarray(grey)[..., None] >> 6, 2, 0, True)
    yield "png 4 bits", png(np.asarray(grey)[..., None] >> 4, 4, 0)
    yield "png RGB of 16 bits", png(a.astype(int) * 257 + 3, 16, 2)
    yield "png RGBA of 16 bits interlaced", png(np.asarray(rgba).astype(int) * 256 + 200, 16, 6, True)
    exif = Image.Exif()
    exif[0x112] = 6
    yield "png orientation 6", saved(rgb, format="png", exif=exif)
    for name, subsampling in {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}.items():
        yield f"jpeg {name}", saved(rgb, format="jpeg", quality=85, subsampling=subsampling)
    yield "jpeg progressive", saved(rgb, format="jpeg", quality=85, progressive=True)
    yield "jpeg grey", saved(grey, format="jpeg", quality=85)
    yield "jpeg grey progressive", saved(grey, format="jpeg", quality=85, progressive=True)
    yield "jpeg CMYK", saved(rgb.convert("CMYK"), format="jpeg", quality=85)
    yield "jpeg restarts", saved(rgb, format="jpeg", quality=85, restart_marker_blocks=2)
    yield "jpeg RGB", saved(rgb, format="jpeg", quality=85, keep_rgb=True)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x112] = orientation
        yield f"jpeg orientation {orientation}", saved(rgb, format="jpeg", quality=85, exif=exif)
    yield "webp lossy", saved(rgb, format="webp", quality=80)
    yield "webp lossless", saved(rgb, format="webp", lossless=True)
    yield "webp lossy with alpha", saved(rgba, format="webp", quality=80)
    yield "webp lossless with alpha", saved(rgba, format="webp", lossless=True, exact=True)
    exif = Image.Exif()
    exif[0x112] = 8
    yield "webp orientation 8", saved(rgb, format="webp", quality=80, exif=exif)
    frames = dict(save_all=True, append_images=[ImageOps.invert(rgb)])
    yield "webp animation", saved(rgb, format="webp", lossless=True, **frames)
    yield "gif", saved(palette, format="gif", interlace=0)
    yield "gif interlaced", saved(palette, format="gif", interlace=1)
    yield "gif transparent", saved(palette, format="gif", transparency=2)
    yield "gif animation", saved(palette, format="gif", save_all=True, append_images=[palette.rotate(180)])
    yield "gif noise", saved(Image.fromarray(np.random.default_rng(1).integers(0, 256, (90, 90)).astype(np.uint8)), format="gif")
    yield "bmp 1 bit", saved(grey.convert("1"), format="bmp")
    yield "bmp 8 bits", saved(palette, format="bmp")
    yield "bmp 24 bits", saved(rgb, format="bmp")
    yield from bmp_files(rgb)
    yield from png_variants(rgb)
    yield from jpeg_variants(rgb)
    yield from webp_variants(rgb)


def decoded(file):
    """Grey, RGB or RGBA, upright, as Auricle's rules are."""
    image = Image.open(io.BytesIO(file))
    image.seek(0)
    stored_grey = image.mode in ("1", "L", "I;16") and image.format in ("PNG", "JPEG")
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    has_alpha = "A" in image.mode or "transparency" in image.info
    upright = ImageOps.exif_transpose(image)
    return upright.convert("RGBA" if has_alpha else "L" if stored_grey else "RGB")


def resized():
    source = picture(61, 47)
    white = Image.new("RGB", source.size, "white")
    alpha = with_alpha(source)
    over = white.copy()
    over.paste(alpha.convert("RGB"), mask=alpha.getchannel("A"))
    cases = [
        ("crop", 20, 20), ("crop", 33, 11), ("crop", 90, 120), ("crop", 1, 1), ("crop", 61, 47),
        ("stretch", 20, 31), ("stretch", 7, 140), ("stretch", 200, 3),
        ("pad", 20, 19), ("pad", 64, 64), ("pad", 11, 46),
    ]  # fmt: skip
    for kind, image, stored in [("RGB", source, source), ("L", source.convert("L"), source), ("alpha", over, alpha)]:
        for fit, width, height in cases:
            size = (width, height)
            if fit == "crop":
                result = ImageOps.fit(image, size, Image.BILINEAR)
            elif fit == "stretch":
                # Rows first, whatever is cheaper.
                result = image.resize((width, image.height), Image.BILINEAR).resize(size, Image.BILINEAR)
            else:
                color = 255 if image.mode == "L" else (255, 255, 255)
                inner = ImageOps.contain(image, size, Image.BILINEAR)
                result = Image.new(image.mode, size, color)
                result.paste(inner, ((width - inner.width) // 2, (height - inner.height) // 2))
            yield {"kind": kind, "fit": fit, "width": width, "height": height, "pixels": encoded(result.tobytes())}


def main():
    cases = []
    for name, file in files():
        image = decoded(file)
        shape = dict(width=image.width, height=image.height, channels=len(image.getbands()))
        cases.append(dict(name=name, file=encoded(file), **shape, pixels=encoded(image.tobytes())))
    source = picture(61, 47)
    fixture = {
        "tool": f"Pillow {PIL.__version__}, numpy {np.__version__}",
        "command": "python tools/oracle/make_images.py",
        "files": cases,
        "source": {
            "width": 61,
            "height": 47,
            "RGB": encoded(source.tobytes()),
            "alpha": encoded(with_alpha(source).tobytes()),
        },
        "resized": list(resized()),
    }
    FIXTURE.write_text(json.dumps(fixture) + "\n")


main()
