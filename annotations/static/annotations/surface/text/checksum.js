const PRIME = 65521;
const MOST = 2000; // units whose bytes are added before the sums are reduced: they stay exact integers

/**
 * Adler-32 (RFC 1950) of a string's UTF-16 in little-endian bytes.
 *
 * @param {string} text
 */
export function adler32(text) {
  let [a, b] = [1, 0];
  for (let from = 0; from < text.length; from += MOST) {
    const to = Math.min(text.length, from + MOST);
    for (let unit = from; unit < to; unit++) {
      const code = text.charCodeAt(unit);
      b += (a += code & 0xff);
      b += (a += code >> 8);
    }
    a %= PRIME;
    b %= PRIME;
  }
  return b * 65536 + a;
}
