/** What the messages of all ways hold: as random, and so as hard to compress, as the driver's own. */
export const values: readonly Buffer[] = Array.from({ length: 1_000 }, (_, at) => Buffer.from(letters(at)))

export const topic = 'bench'

/** As many as fit into a batch of 16 KiB. */
export const batchMessages = 16
export const batchesInFlight = 5

function letters(seed: number): string {
  let state = seed * 2_654_435_761 + 1
  return Array.from({ length: 1_000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return String.fromCharCode(65 + ((state >>> 8) % 26))
  }).join('')
}
