import { connect } from 'node:net'
import type { Probe } from '../definition.ts'

const commands = '*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n'

/** A server that wants a password, is loading, or is not Redis at all is not usable, even if its port is open. */
export async function probeRedis(port: number, timeoutMs: number): Promise<Probe> {
  const { promise, resolve } = Promise.withResolvers<Probe>()
  const socket = connect({ host: '127.0.0.1', port })
  const timer = setTimeout(
    () => resolve({ usable: false, why: `no answer to PING within ${timeoutMs} ms` }),
    timeoutMs,
  )
  let received = ''
  socket.setEncoding('latin1')
  socket.on('connect', () => socket.write(commands))
  socket.on('data', (chunk: string) => {
    received += chunk
    const probe = readAnswer(received)
    if (probe) resolve(probe)
  })
  socket.on('error', (error) => resolve({ usable: false, why: error.message }))
  socket.on('close', () => resolve({ usable: false, why: 'the connection was closed without an answer' }))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
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
