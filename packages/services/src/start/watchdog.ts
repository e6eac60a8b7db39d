import { identify, type ProcessIdentity } from '../machine/process.ts'
import { teardown } from '../stop/teardown.ts'
import { launch, type Launched } from './launch.ts'
import type { StartPlan } from './start-plan.ts'

/** What the watchdog tells its parent. */
export type WatchdogMessage =
  | { readonly type: 'started'; readonly identity: ProcessIdentity | undefined }
  | { readonly type: 'ready' }
  | { readonly type: 'ended'; readonly why: string }

/**
 * The program that owns an attached service and the other end of a channel to the parent that asked for it.
 * When the parent ends, in whatever way, the kernel closes the channel, and the service goes too.
 * Stopping works the same way: the parent disconnects and waits for this process to end.
 */
const plan = JSON.parse(process.argv[2] ?? '') as StartPlan
let launched: Launched | undefined
let identity: ProcessIdentity | undefined
let leaving = false

function tell(message: WatchdogMessage): void {
  // the parent may be gone by now; `disconnect` takes care of that.
  if (process.connected) process.send?.(message, () => {})
}

async function enter(): Promise<void> {
  const { child, ready, ended } = (launched = launch(plan, process.env))
  void ended.then((why) => tell({ type: 'ended', why }))
  identity = await identify(child.pid)
  // a command that ended before it could be identified has started its service; a service that ended says why
  if (identity || !plan.foreground) tell({ type: 'started', identity })
  await ready
  tell({ type: 'ready' })
}

async function leave(): Promise<void> {
  if (leaving) return
  leaving = true
  // disconnected during the start: the process exists, but its identity is still being read.
  identity ??= await identify(launched?.child.pid)
  const left = await teardown(plan, identity, process.env)
  if (left !== undefined) console.error(left)
  process.exit(left === undefined ? 0 : 1)
}

process.on('disconnect', () => void leave())
process.on('SIGTERM', () => void leave())
process.on('SIGINT', () => void leave())

// the parent may have ended before this process could listen.
void (process.connected ? enter() : leave())
