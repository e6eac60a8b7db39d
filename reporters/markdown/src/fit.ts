/** A piece of a text. The first ones that fit are kept, by their rank and then in order. */
export interface Piece {
  readonly text: string
  /** 0 is always kept. */
  readonly rank: number
  /** What is lost without it, such as `details`. */
  readonly what?: string
}

/** Room for the note that says what was left out. */
const noteBytes = 200

/** The pieces in their order, without those that would make the text longer than that; says which ones. */
export function fit(pieces: readonly Piece[], limitBytes: number): string {
  const whole = pieces.map(({ text }) => text).join('')
  if (bytesOf(whole) <= limitBytes) return whole
  const kept = new Set<Piece>()
  const lost = new Map<string, number>()
  let room = limitBytes - noteBytes
  for (const piece of pieces.toSorted((a, b) => a.rank - b.rank)) {
    const bytes = bytesOf(piece.text)
    if (piece.rank === 0 || bytes <= room) {
      kept.add(piece)
      room -= bytes
    } else if (piece.what !== undefined) lost.set(piece.what, (lost.get(piece.what) ?? 0) + 1)
  }
  const list = Array.from(lost, ([what, count]) => `${count} × ${what}`).join(', ')
  const text = pieces
    .filter((piece) => kept.has(piece))
    .map((piece) => piece.text)
    .join('')
  return `${text}\n**Left out, for it would be too long:** ${list}. The result file has all of it.\n`
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
