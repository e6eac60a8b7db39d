import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ownJournals } from './context.ts'
import { settings } from './machine.ts'

const execute = promisify(execFile)

/** Whether this machine lets us have a network namespace, and change the settings in it. */
export const hasNamespaces = succeedsInNamespace('echo 128 >/proc/sys/net/core/somaxconn')

/** Whether buffers belong to the host there: they can be read, and not set. */
export const buffersAreRefused = succeedsInNamespace(
  'old=$(cat /proc/sys/net/core/rmem_max) && [ "$old" -lt 26214400 ] && ! echo "$old" >/proc/sys/net/core/rmem_max',
)

function succeedsInNamespace(script: string): boolean {
  return process.platform === 'linux' && spawnSync('unshare', ['-n', 'sh', '-c', script]).status === 0
}

/** A story as it is played: on the settings of a namespace of its own, or on files that look like them. */
export interface Play<Result> {
  readonly result: Result
  readonly journals: string
}

/**
 * Plays a story, a module of `test/stories`, in a process of its own: where possible on real kernel settings, in a network
 * namespace that ends with it. Its `console.log` is the result, as JSON.
 * @param within Programs to run it under, as root in a namespace.
 */
export async function play<Result>(story: string, within: readonly string[] = []): Promise<Play<Result>> {
  const journals = ownJournals()
  const module = fileURLToPath(new URL(`../stories/${story}.ts`, import.meta.url))
  const root = hasNamespaces ? '/' : await settings()
  const flags = ['--conditions=@cloudbench/source', '--disable-warning=ExperimentalWarning']
  const command = [...within, process.execPath, ...flags, module, root]
  const [program, ...args] = hasNamespaces && within.length === 0 ? ['unshare', '-n', ...command] : command
  const { stdout } = await execute(program!, args, { timeout: 120_000 })
  return { result: JSON.parse(stdout) as Result, journals }
}
