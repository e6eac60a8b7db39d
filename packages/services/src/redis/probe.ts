import type { Probe } from '../definition.ts'
import { ask } from '../machine/ask.ts'

const commands = '*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n'

/** A server that wants a password, is loading, or is not Redis at all is not usable, even if its port is open. */
export async function probeRedis(port: number, timeoutMs: number): Promise<Probe> {
  return await ask(port, timeoutMs, {
    greeting: commands,
    awaited: 'answer to PING',
    read: (received) => readAnswer(received.toString('latin1')),
  })
}

/** `undefined`: the answer is not complete yet. */
function readAnswer(received: string): Probe | undefined {
  const end = received.indexOf('\r\n')
  if (end < 0)
    return received.length < 512 ? undefined : { usable: false, why: 'it is not speaking the Redis protocol' }
  const first = received.slice(0, end)
  if (first.startsWith('-')) return { usable: false, why: `it answers PING with ${first.slice(1)}` }
  if (first !== '+PONG') return { usable: false, why: 'it is not speaking the Redis protocol' }

  const rest = received.slice(end + 2)
  if (rest.startsWith('-')) return { usable: true }
  const [header, length] = /^\$(\d+)\r\n/.exec(rest) ?? []
  if (header === undefined || rest.length < header.length + Number(length)) return undefined
  const pid = /^process_id:(\d+)\r?$/m.exec(rest)?.[1]
  return pid === undefined ? { usable: true } : { usable: true, pid: Number(pid) }
}
