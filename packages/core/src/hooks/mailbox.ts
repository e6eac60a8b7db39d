/** With more messages waiting than this, those that can be merged are. */
const backlog = 16

/** A queue in front of a slow reader: in order, one at a time; what overflows is merged, never dropped. */
export interface Mailbox<Message> {
  post(message: Message): void
  /** Resolves when everything that was posted so far has been read. */
  drained(): Promise<void>
}

export interface MailboxOptions<Message> {
  /** Must not reject. */
  readonly read: (message: Message) => Promise<void>
  /** One message equivalent to both, or undefined when there is none. */
  readonly merge: (older: Message, newer: Message) => Message | undefined
}

export function createMailbox<Message>({ read, merge }: MailboxOptions<Message>): Mailbox<Message> {
  const messages: Message[] = []
  let reading = Promise.resolve()
  let isReading = false
  const readAll = async (): Promise<void> => {
    isReading = true
    // the message that is being read leaves the queue first, so that nothing is merged into it
    for (let message = messages.shift(); message !== undefined; message = messages.shift())
      await read(message)
    isReading = false
  }
  return {
    post(message) {
      const last = messages.at(-1)
      const merged = last !== undefined && messages.length >= backlog ? merge(last, message) : undefined
      if (merged !== undefined) messages[messages.length - 1] = merged
      else messages.push(message)
      if (!isReading) reading = readAll()
    },
    drained: () => reading,
  }
}
