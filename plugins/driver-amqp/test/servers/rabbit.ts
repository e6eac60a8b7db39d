import rhea, { type Connection } from 'rhea'
import { afterAll, onTestFinished } from 'vitest'
import { startRabbit, type Rabbit } from './rabbit-process.ts'

export { fixture, startRabbit, withoutRabbit } from './rabbit-process.ts'

let shared: Promise<Rabbit> | undefined

/** One broker for all tests of a file: it takes seconds to start. */
export function sharedRabbit(): Promise<Rabbit> {
  shared ??= startRabbit()
  return shared
}

afterAll(async () => {
  const rabbit = await shared?.catch(() => undefined)
  await rabbit?.end()
})

/** An ordinary client of the test's own. */
export async function client(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const connection = rhea.create_container().connect({
    host: hostname,
    port: Number(port),
    reconnect: false,
    username: 'guest',
    password: 'guest',
  })
  for (const event of ['disconnected', 'error', 'session_error', 'session_close', 'receiver_close'])
    connection.on(event, () => {})
  await new Promise((resolve) => connection.once('connection_open', resolve))
  onTestFinished(() => connection.close())
  return connection
}
