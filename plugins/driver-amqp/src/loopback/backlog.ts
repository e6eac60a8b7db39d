import type { Message } from 'rhea'

/** The messages of a queue that are not delivered. */
export interface Backlog {
  readonly depth: number
  push(message: Message): void
  take(): Message | undefined
  /** Returns delivered messages to the front, marked as delivered before. */
  putBack(returned: readonly Message[]): void
  clear(): void
}

export function createBacklog(): Backlog {
  let messages: Message[] = []
  let head = 0
  return {
    get depth() {
      return messages.length - head
    },
    push: (message) => void messages.push(message),
    take() {
      if (head === messages.length) return undefined
      const message = messages[head++]!
      if (head === messages.length || head > 10_000) {
        messages = messages.slice(head)
        head = 0
      }
      return message
    },
    putBack(returned) {
      const marked = returned.map((message) => ({ ...message, first_acquirer: false }))
      messages = [...marked, ...messages.slice(head)]
      head = 0
    },
    clear() {
      messages = []
      head = 0
    },
  }
}
