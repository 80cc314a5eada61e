"""QR codes (ISO/IEC 18004), as rows of dark and light modules."""

from math import isqrt


def dark_rows(text: str) -> tuple[str, ...]:
    """The code of `text` from top to bottom, without its quiet zone: `1` is dark. Correction level M, 15 %."""
    import zxingcpp

    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = bytes(memoryview(symbol.to_image(scale=1, add_quiet_zones=False)))
    width = isqrt(len(pixels))
    rows = (pixels[start : start + width] for start in range(0, len(pixels), width))
    return tuple("".join("0" if pixel else "1" for pixel in row) for row in rows)
