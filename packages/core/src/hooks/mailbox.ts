/** More waiting letters than this, and those that can be merged are. */
const backlog = 16

/** A queue in front of a slow reader: in order, one at a time, and what overflows is merged, never dropped. */
export interface Mailbox<Letter> {
  post(letter: Letter): void
  /** Resolves when everything that was posted so far has been read. */
  drained(): Promise<void>
}

export interface MailboxOptions<Letter> {
  /** Must not reject. */
  readonly read: (letter: Letter) => Promise<void>
  /** One letter that says what both say, or undefined when that cannot be. */
  readonly merge: (older: Letter, newer: Letter) => Letter | undefined
}

export function createMailbox<Letter>({ read, merge }: MailboxOptions<Letter>): Mailbox<Letter> {
  const letters: Letter[] = []
  let reading = Promise.resolve()
  let isReading = false
  const readAll = async (): Promise<void> => {
    isReading = true
    // the letter that is being read leaves the queue first, so that nothing is merged into it
    for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) await read(letter)
    isReading = false
  }
  return {
    post(letter) {
      const last = letters.at(-1)
      const merged = last !== undefined && letters.length >= backlog ? merge(last, letter) : undefined
      if (merged !== undefined) letters[letters.length - 1] = merged
      else letters.push(letter)
      if (!isReading) reading = readAll()
    },
    drained: () => reading,
  }
}
