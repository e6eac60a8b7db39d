import type { Probe } from '../definition.ts'
import { ask } from '../machine/ask.ts'

const foreign: Probe = { usable: false, why: 'it is not speaking the Redis protocol' }

/**
 * A server that wants another password than this one, is loading, or is not Redis at all is not usable, even if its port is
 * open.
 */
export async function probeRedis(port: number, timeoutMs: number, password?: string): Promise<Probe> {
  const login = password === undefined ? [] : [command('AUTH', password)]
  return await ask(port, timeoutMs, {
    greeting: [...login, command('PING'), command('INFO', 'server')].join(''),
    awaited: 'answer to PING',
    read(received) {
      const text = received.toString('latin1')
      return password === undefined ? readAnswer(text) : readLogin(text)
    },
  })
}

function command(...words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return `*${words.length}\r\n${parts.join('')}`
}

/** `undefined`: the answer is not complete yet. */
function readLogin(received: string): Probe | undefined {
  const end = received.indexOf('\r\n')
  if (end < 0) return received.length < 512 ? undefined : foreign
  const first = received.slice(0, end)
  if (first === '+OK') return readAnswer(received.slice(end + 2))
  return first.startsWith('-') ? { usable: false, why: `it answers AUTH with ${first.slice(1)}` } : foreign
}

/** `undefined`: the answer is not complete yet. */
function readAnswer(received: string): Probe | undefined {
  const end = received.indexOf('\r\n')
  if (end < 0) return received.length < 512 ? undefined : foreign
  const first = received.slice(0, end)
  if (first.startsWith('-')) return { usable: false, why: `it answers PING with ${first.slice(1)}` }
  if (first !== '+PONG') return foreign

  const rest = received.slice(end + 2)
  if (rest.startsWith('-')) return { usable: true }
  const [header, length] = /^\$(\d+)\r\n/.exec(rest) ?? []
  if (header === undefined || rest.length < header.length + Number(length)) return undefined
  const pid = /^process_id:(\d+)\r?$/m.exec(rest)?.[1]
  return pid === undefined ? { usable: true } : { usable: true, pid: Number(pid) }
}
