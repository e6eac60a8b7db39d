/** What is wrong with a file, and where: the keys that lead there. */
export class Flaw extends Error {
  readonly path: readonly (string | number)[]

  constructor(what: string, path: readonly (string | number)[] = []) {
    super(what)
    this.path = path
  }

  /** Such as `scenarios.0.reason: passed, but …`. */
  override toString(): string {
    return `${this.path.join('.')}${this.path.length > 0 ? ': ' : ''}${this.message}`
  }
}

/** Reads what is below a key; a flaw that is found there says so. */
export function at<T>(key: string | number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Flaw) throw new Flaw(error.message, [key, ...error.path])
    throw error
  }
}

export function eachAt<From, To>(list: readonly From[], read: (item: From, at: number) => To): To[] {
  return list.map((item, index) => at(index, () => read(item, index)))
}

export function entriesAt<From, To>(
  record: Readonly<Record<string, From>>,
  read: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, at(key, () => read(value))]))
}
