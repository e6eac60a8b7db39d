import { onTestFinished } from 'vitest'
import type { Client } from '../../src/lanes/lane.ts'
import { openWireClient } from '../../src/lanes/wire/client.ts'
import { unaryOptions } from '../../src/options.ts'
import { parseTarget } from '../../src/target.ts'

/** Opens a connection outside of any flow. */
export function openClient(target: string): Promise<Client> {
  const context = {
    options: unaryOptions.parse({}),
    sockets: { opened() {}, closed() {} },
    signal: new AbortController().signal,
  }
  return openWireClient(context, parseTarget(target), undefined)
}

/** The same until the end of a test. */
export async function openedClient(target: string): Promise<Client> {
  const client = await openClient(target)
  onTestFinished(() => client.close())
  return client
}
