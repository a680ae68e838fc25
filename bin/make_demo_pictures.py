"""Draw the photo of a till receipt that the demo sends. Run once by hand; the picture is kept with the code.

Needs Pillow and the DejaVu fonts: `.venv/bin/python bin/make_demo_pictures.py`.
"""

import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "liasse" / "cli" / "demo_papers" / "ticket.jpg"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf")
LINES = (
    "      AUBERGE DU PRESSOIR",
    "       2 place du Marché",
    "        14290 Orbec",
    "  SIREN 099 988 123",
    "",
    "Table 7            2 couverts",
    "19/11/2026              13:42",
    "-----------------------------",
    "2 Menu du jour          39,00",
    "1 Cidre brut 75 cl      14,00",
    "2 Café                   4,40",
    "-----------------------------",
    "TOTAL TTC          57,40 EUR",
    "",
    "TVA 10 %  base 39,45     3,95",
    "TVA 20 %  base 11,67     2,33",
    "",
    "CARTE BANCAIRE          57,40",
    "",
    "     Merci de votre visite",
)


def main() -> None:
    """Draw the slip, lay it on a table, photograph it badly."""
    chance = random.Random(7)  # noqa: S311 - the grain of a picture
    font = ImageFont.truetype(str(FONT), 34)
    slip = Image.new("RGB", (700, 1130), (246, 243, 236))
    pen = ImageDraw.Draw(slip)
    for row, line in enumerate(LINES):
        pen.text((48, 60 + row * 50), line, font=font, fill=(48, 46, 52))
    table = Image.new("RGB", (1200, 1600), (96, 72, 52))
    wood = ImageDraw.Draw(table)
    for x in range(0, 1200, 3):
        shade = chance.randint(-9, 9)
        wood.line((x, 0, x + chance.randint(-20, 20), 1600), fill=(96 + shade, 72 + shade, 52 + shade), width=3)
    mask = Image.new("L", slip.size, 255).rotate(3.2, expand=True, resample=Image.Resampling.BICUBIC)
    turned = slip.rotate(3.2, expand=True, resample=Image.Resampling.BICUBIC)
    table.paste((30, 22, 16), (232, 226), mask.filter(ImageFilter.GaussianBlur(12)))
    table.paste(turned, (215, 205), mask)
    light = Image.linear_gradient("L").resize(table.size).rotate(180)
    dimmed = Image.eval(table, lambda value: int(value * 0.72))
    photo = Image.composite(table, dimmed, light).filter(ImageFilter.GaussianBlur(0.7))
    TARGET.parent.mkdir(exist_ok=True)
    photo.save(TARGET, quality=72, optimize=True)


if __name__ == "__main__":
    main()
