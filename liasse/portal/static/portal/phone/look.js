// Looks at a small copy of a picture and says what a person should look at again: "blur", "glare", "small". A hint, never a refusal;
// nothing where it cannot tell.

const SIDE = 900;
const LEAST_SHARP = 0.25;
const LEAST_CONTRAST = 40;
const LEAST_SOFT = 14;
const MOST_CLIPPED = 0.02;
const LEAST_LINE = 12;

export async function look(blob) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    // A kind of picture that this browser does not draw (HEIC): the practice sees it all the same.
    return { hints: [], width: 0, height: 0 };
  }
  const { width, height } = bitmap;
  const scale = Math.min(SIDE / Math.max(width, height), 1);
  const [w, h] = [Math.max(Math.round(width * scale), 1), Math.max(Math.round(height * scale), 1)];
  const canvas = typeof OffscreenCanvas === "undefined" ? Object.assign(document.createElement("canvas"), { width: w, height: h }) : new OffscreenCanvas(w, h);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, w, h);
  bitmap.close();
  return { ...judged(greys(context.getImageData(0, 0, w, h).data, w * h), w, h, scale), width, height };
}

function greys(data, count) {
  const grey = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) grey[at] = (data[at * 4] * 77 + data[at * 4 + 1] * 151 + data[at * 4 + 2] * 28) >> 8;
  return grey;
}

export function judged(grey, w, h, scale) {
  const facts = { sharp: sharpness(grey, w, h), clipped: glare(grey, w, h), line: lineHeight(grey, w, h) / scale };
  const hints = [];
  if (facts.sharp !== null && facts.sharp < LEAST_SHARP) hints.push("blur");
  if (facts.clipped > MOST_CLIPPED) hints.push("glare");
  if (facts.line && facts.line < LEAST_LINE && !hints.includes("blur")) hints.push("small");
  return { hints, facts };
}

// How steep the steepest edges are, for the contrast that the picture has: the step within one pixel, as a share of the step within
// seven. Of what is in focus most of an edge lies within a pixel or two, whatever is on the paper. Null without any edges.
function sharpness(grey, w, h) {
  const found = [];
  for (let y = 4; y < h - 4; y += 2) {
    for (let x = 4; x < w - 4; x += 1) {
      const at = y * w + x;
      const near = Math.abs(grey[at + 1] - grey[at]);
      if (near < 6) continue;
      let [least, most] = [255, 0];
      for (let step = -3; step <= 4; step += 1) {
        const value = grey[at + step];
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (most - least >= LEAST_CONTRAST) found.push(near / (most - least));
    }
  }
  if (found.length < 200) return hasPrint(grey, w, h) ? 0 : null;
  found.sort((one, other) => one - other);
  return found[Math.floor(found.length * 0.9)] - 0.15;
}

// Whether there is something dark on something light at all, however soft: then it is without edges because it is out of focus.
function hasPrint(grey, w, h) {
  let found = 0;
  for (let y = 8; y < h - 8; y += 8) {
    for (let x = 0; x + 16 <= w; x += 8) {
      let [least, most] = [255, 0];
      for (let at = y * w + x; at < y * w + x + 16; at += 1) {
        if (grey[at] < least) least = grey[at];
        if (grey[at] > most) most = grey[at];
      }
      if (most - least >= LEAST_SOFT) found += 1;
    }
  }
  return found >= 100;
}

// The share of the picture that is white beyond white while the paper around is not: a lamp or the sun on it.
function glare(grey, w, h) {
  const counts = new Uint32Array(256);
  for (const value of grey) counts[value] += 1;
  let seen = 0;
  let paper = 255;
  for (; paper > 0 && seen + counts[paper] < grey.length * 0.3; paper -= 1) seen += counts[paper];
  if (paper > 238) return 0;
  let clipped = 0;
  for (let y = 1; y < h - 1; y += 1) {
    for (let x = 1; x < w - 1; x += 1) {
      const at = y * w + x;
      if (grey[at] > 251 && grey[at - 1] > 251 && grey[at + 1] > 251 && grey[at - w] > 251 && grey[at + w] > 251) clipped += 1;
    }
  }
  return clipped / grey.length;
}

// The usual height of a line of print, in pixels of the copy: rows with ink between rows without, in strips of the page, since
// no page is photographed quite straight. 0 where there are too few lines to say.
function lineHeight(grey, w, h) {
  const heights = [];
  const strip = Math.max(Math.floor(w / 12), 24);
  for (let left = 0; left + strip <= w; left += strip) {
    let sum = 0;
    for (let y = 0; y < h; y += 4) for (let x = left; x < left + strip; x += 4) sum += grey[y * w + x];
    const dark = (sum / (Math.ceil(h / 4) * Math.ceil(strip / 4))) * 0.75;
    let run = 0;
    for (let y = 0; y < h; y += 1) {
      let ink = 0;
      for (let x = left; x < left + strip; x += 1) if (grey[y * w + x] < dark) ink += 1;
      if (ink >= 2 && ink < strip * 0.7) run += 1;
      else {
        if (run >= 3 && run < h / 12) heights.push(run);
        run = 0;
      }
    }
  }
  if (heights.length < 25) return 0;
  heights.sort((one, other) => one - other);
  return heights[Math.floor(heights.length / 2)];
}
