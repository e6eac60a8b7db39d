const ok = Buffer.from('+OK\r\n')
const pong = Buffer.from('+PONG\r\n')
const nothing = Buffer.from('$-1\r\n')
const lineEnd = Buffer.from('\r\n')

/** The few Redis commands that the driver uses. */
export interface Store {
  /** @param name In capitals. @returns the reply, in RESP. */
  run(name: string, args: readonly Buffer[]): Buffer
}

export function createStore(): Store {
  const values = new Map<string, Buffer>()
  let hits = 0
  let misses = 0
  const commands: Readonly<Record<string, (args: readonly Buffer[]) => Buffer>> = {
    PING: () => pong,
    AUTH: () => ok,
    SELECT: () => ok,
    CLIENT: () => ok,
    GET([key]) {
      const value = values.get(textOf(key))
      if (value === undefined) misses++
      else hits++
      return bulk(value)
    },
    SET([key, value]) {
      // a copy, because the argument is a slice of a much larger buffer
      values.set(textOf(key), Buffer.from(value ?? ''))
      return ok
    },
    STRLEN: ([key]) => integer(values.get(textOf(key))?.length ?? 0),
    UNLINK: (keys) => integer(keys.filter((key) => values.delete(textOf(key))).length),
    INFO: () => bulk(Buffer.from(`# Stats\r\nkeyspace_hits:${hits}\r\nkeyspace_misses:${misses}\r\n`)),
  }
  return {
    run(name, args) {
      const command = Object.hasOwn(commands, name) ? commands[name]! : undefined
      return command ? command(args) : Buffer.from(`-ERR unknown command '${name}'\r\n`)
    },
  }
}

function textOf(key: Buffer | undefined): string {
  return key?.toString('latin1') ?? ''
}

function bulk(value: Buffer | undefined): Buffer {
  return value === undefined ? nothing : Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, lineEnd])
}

function integer(value: number): Buffer {
  return Buffer.from(`:${value}\r\n`)
}
