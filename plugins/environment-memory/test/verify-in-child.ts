import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Facts, Launch } from '@cloudbench/core'

export interface Answer {
  readonly facts?: Facts
  readonly error?: string
  readonly warnings?: readonly string[]
}

/** Runs `verify` in a real process that was started with `execArgv`, whatever the launch says. */
export async function verifyInChild(
  launch: Launch,
  options: Record<string, unknown>,
  execArgv: readonly string[],
  facts: Record<string, Facts> = {},
): Promise<Answer> {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [], {
    execArgv: ['--conditions=@cloudbench/source', ...execArgv],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  child.send({ launch, options, facts })
  const [answer] = (await once(child, 'message')) as [Answer]
  await once(child, 'exit')
  return answer
}
