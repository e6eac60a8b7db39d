/** The code of RFC 7541, appendix B: all symbols in the order of their codes, by the length of the code in bits. */
const symbolsByLength: Readonly<Record<number, string>> = {
  5: '48-50 97 99 101 105 111 115 116',
  6: '32 37 45-47 51-57 61 65 95 98 100 102-104 108-110 112 114 117',
  7: '58 66-87 89 106 107 113 118-122',
  8: '38 42 44 59 88 90',
  10: '33 34 40 41 63',
  11: '39 43 124',
  12: '35 62',
  13: '0 36 64 91 93 126',
  14: '94 125',
  15: '60 96 123',
  19: '92 195 208',
  20: '128 130 131 162 184 194 224 226',
  21: '153 161 167 172 176 177 179 209 216 217 227 229 230',
  22: '129 132-134 136 146 154 156 160 163 164 169 170 173 178 181 185-187 189 190 196 198 228 232 233',
  23: '1 135 137-141 143 147 149-152 155 157 158 165 166 168 174 175 180 182 183 188 191 197 231 239',
  24: '9 142 144 145 148 159 171 206 215 225 236 237',
  25: '199 207 234 235',
  26: '192 193 200-202 205 210 213 218 219 238 240 242 243 255',
  27: '203 204 211 212 214 221-223 241 244-248 250-254',
  28: '2-8 11 12 14-21 23-31 127 220 249',
  30: '10 13 22 256',
}

/** Ends a text; it must not occur in one. */
const endOfText = 256

/**
 * A tree of two cells per node, for the bits 0 and 1: the index of the next node, or, below zero, the symbol as
 * `-1 - symbol`. The code is canonical, so that lengths and order say all.
 */
const tree = buildTree()

function buildTree(): Int16Array {
  const cells: number[] = [0, 0]
  let code = 0
  let length = 0
  for (const [bits, written] of Object.entries(symbolsByLength)) {
    code *= 2 ** (Number(bits) - length)
    length = Number(bits)
    for (const symbol of symbolsOf(written)) {
      plant(cells, code, length, symbol)
      code++
    }
  }
  return Int16Array.from(cells)
}

function symbolsOf(written: string): number[] {
  return written.split(' ').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?]
    return Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
}

function plant(cells: number[], code: number, length: number, symbol: number): void {
  let node = 0
  for (let bit = length - 1; bit >= 0; bit--) {
    const cell = node * 2 + (Math.floor(code / 2 ** bit) % 2)
    if (bit === 0) cells[cell] = -1 - symbol
    else {
      if (cells[cell] === 0) {
        cells[cell] = cells.length / 2
        cells.push(0, 0)
      }
      node = cells[cell]!
    }
  }
}

/**
 * Decodes a text into `out`, which must have room for 8 / 5 of its length.
 * @returns How many bytes the text has, or -1 when it is damaged.
 */
export function decodeHuffman(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let node = 0
  let length = 0
  // what the last byte is filled up with: at most seven bits, all of them 1
  let openBits = 0
  let isPadding = true
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    for (let bit = 7; bit >= 0; bit--) {
      const isOne = (byte >> bit) & 1
      const next = tree[node * 2 + isOne]!
      openBits++
      if (isOne === 0) isPadding = false
      if (next >= 0) {
        node = next
        continue
      }
      const symbol = -1 - next
      if (symbol === endOfText) return -1
      out[length++] = symbol
      node = 0
      openBits = 0
      isPadding = true
    }
  }
  return openBits < 8 && isPadding ? length : -1
}
