/** Offsets that an audit could not look at. */
export interface Unread {
  /** @param to The offset after the last of them. */
  add(partition: number, from: number, to: number, why: string): void
  /** Why an offset was not looked at; undefined when it was. */
  why(partition: number, offset: number): string | undefined
}

interface Span {
  readonly partition: number
  readonly from: number
  readonly to: number
  readonly why: string
}

export function createUnread(): Unread {
  const spans: Span[] = []
  return {
    add(partition, from, to, why) {
      spans.push({ partition, from, to, why })
    },
    why: (partition, offset) =>
      spans.find((span) => span.partition === partition && offset >= span.from && offset < span.to)?.why,
  }
}
