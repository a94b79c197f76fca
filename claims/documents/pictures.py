"""Pictures: only their pixels are kept, upright and in sRGB. Run as a program, it is a child of `safe.py`."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from claims.documents import child
from claims.documents.kinds import Kind, kind_of
from claims.documents.refusals import FileDamaged, ImageAnimated, ImageTooLarge

__all__ = ["JpegImagePlugin", "PngImagePlugin", "WebPImagePlugin"]  # loaded before memory is limited
# Four bytes each, twice while a picture is turned: 240 MB. The canvas of a WebP stands in memory several times.
MOST_PIXELS = {Kind.JPEG: 30_000_000, Kind.PNG: 30_000_000, Kind.WEBP: 12_000_000}
LARGEST = 10 * 1024 * 1024  # bytes of what is kept, as of what is sent
QUALITIES = (90, 75, 60)  # of JPEG, until it fits
ENDS = {Kind.PNG: b"IEND\xaeB`\x82", Kind.JPEG: b"\xff\xd9", Kind.WEBP: b""}
Image.MAX_IMAGE_PIXELS = None  # checked below, with words


def clean(content: bytes) -> tuple[str, bytes]:
    """Raises FileDamaged, ImageTooLarge, ImageAnimated."""
    kind = kind_of(content)
    if ENDS[kind] not in content:
        raise _damaged()
    if kind == Kind.WEBP:
        _check_size(kind, *_size_of_webp(content))  # opening one makes its canvas
    try:
        with Image.open(BytesIO(content), formats=[kind.upper()]) as image:
            _check_size(kind, *image.size)
            if kind != Kind.JPEG and getattr(image, "n_frames", 1) > 1:
                raise _animated()
            image.load()
            pixels = _upright(image)
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, OverflowError, EOFError) as broken:
        raise _damaged() from broken
    return _written(pixels, kind)


def _check_size(kind: Kind, width: int, height: int) -> None:
    most = MOST_PIXELS[kind]
    if width < 1 or height < 1:
        raise _damaged()
    if width * height > most:
        raise ImageTooLarge(
            f"The picture has {width:,} x {height:,} pixels; at most {most:,} in all are taken. Send a smaller one, or a "
            "screenshot of it."
        )


def _size_of_webp(content: bytes) -> tuple[int, int]:
    """Of the canvas, by the first chunk."""
    chunk, head = content[12:16], content[20:30]
    if len(head) < 10 or int.from_bytes(content[4:8], "little") + 8 > len(content):
        raise _damaged()
    if chunk == b"VP8X":
        if head[0] & 0x02:
            raise _animated()
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    raise _damaged()


def _upright(image: Image.Image) -> Image.Image:
    """RGB, RGBA or L, turned as its EXIF says; nothing else of it stays."""
    ImageOps.exif_transpose(image, in_place=True)
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        plain = image if image.mode == "RGBA" else image.convert("RGBA")
    elif image.mode in ("1", "L", "I", "I;16", "I;16B", "F"):
        plain = image if image.mode == "L" else image.convert("L")
    else:
        plain = _in_srgb(image, profile)
        profile = None
    if profile and plain.mode == "RGBA":
        plain = _in_srgb(plain, profile)
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours of a phone as other screens show them; a profile that cannot be read is dropped."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        same = image.mode == mode
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode=None if same else mode, inPlace=same
            )
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass
        else:
            return image if turned is None else turned
    return image if image.mode == mode else image.convert(mode)


def _written(pixels: Image.Image, kind: Kind) -> tuple[str, bytes]:
    """PNG stays PNG where that fits, for the text of screenshots; all else is JPEG."""
    if kind == Kind.PNG:
        png = BytesIO()
        pixels.save(png, "PNG", compress_level=4)
        if png.tell() <= LARGEST:
            return "image/png", png.getvalue()
    if pixels.mode == "RGBA":
        white = Image.new("RGB", pixels.size, "white")
        white.paste(pixels, mask=pixels.getchannel("A"))
        pixels = white
    for quality in QUALITIES:
        jpeg = BytesIO()
        pixels.save(jpeg, "JPEG", quality=quality)
        if jpeg.tell() <= LARGEST:
            return "image/jpeg", jpeg.getvalue()
    raise ImageTooLarge("The picture has more detail than fits into a file of 10 MB. Send it with fewer pixels.")


def _damaged() -> FileDamaged:
    return FileDamaged("The picture ends too soon or cannot be read. Open it, save or photograph it anew, and send that.")


def _animated() -> ImageAnimated:
    return ImageAnimated("The picture moves. Send a screenshot of what it should show.")


if __name__ == "__main__":
    child.run(clean)
