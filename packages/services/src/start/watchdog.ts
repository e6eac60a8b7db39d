import { launch, type Launched } from './launch.ts'
import type { Plan } from './plan.ts'
import { identify, type ProcessIdentity } from '../machine/process.ts'
import { teardown } from '../stop/teardown.ts'

/** What the watchdog tells its parent. */
export type WatchdogMessage =
  | { readonly type: 'started'; readonly identity: ProcessIdentity | undefined }
  | { readonly type: 'ready' }
  | { readonly type: 'ended'; readonly why: string }

/**
 * The program that holds an attached service, and the other end of a channel to the program that wanted it.
 * When that program ends, in whatever way, the kernel closes the channel, and the service goes too.
 * Stopping it is the same thing: the parent hangs up and waits for this process to end.
 */
const plan = JSON.parse(process.argv[2] ?? '') as Plan
let launched: Launched | undefined
let identity: ProcessIdentity | undefined
let leaving = false

function tell(message: WatchdogMessage): void {
  // The parent may have gone in between; `disconnect` takes care of that.
  if (process.connected) process.send?.(message, () => {})
}

async function enter(): Promise<void> {
  const { child, ready, ended } = (launched = launch(plan, process.env))
  void ended.then((why) => tell({ type: 'ended', why }))
  identity = child.pid === undefined ? undefined : await identify(child.pid)
  if (identity) tell({ type: 'started', identity })
  await ready
  tell({ type: 'ready' })
}

async function leave(): Promise<void> {
  if (leaving) return
  leaving = true
  // Hung up in the middle of the start: the process is there, its identity is still being read.
  const pid = launched?.child.pid
  if (identity === undefined && pid !== undefined) identity = await identify(pid)
  const left = await teardown(plan, identity, process.env)
  if (left !== undefined) console.error(left)
  process.exit(left === undefined ? 0 : 1)
}

process.on('disconnect', () => void leave())
process.on('SIGTERM', () => void leave())
process.on('SIGINT', () => void leave())

// The parent may have been gone before anybody here could listen.
void (process.connected ? enter() : leave())
