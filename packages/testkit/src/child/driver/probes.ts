import type { DriverJob } from '../../job.ts'
import { probeCalls, probeOutcomes } from './answers.ts'
import { probeBlocking } from './blocking.ts'
import { probeDeath } from './death.ts'
import { probeDisconnect } from './disconnect.ts'
import { probeEnding } from './ending.ts'
import { probeFailures } from './failures.ts'
import { probeDriver, probeDriverDescriptions, probeDriverOptions } from './identity.ts'
import { probeIdle } from './idle.ts'
import { probeLeftovers } from './leftovers.ts'
import { probeListeners } from './listeners.ts'
import { probeOverhead } from './overhead.ts'
import { probeReconnect } from './reconnect.ts'
import { probeRefusal } from './refusal.ts'
import { probeRepeat } from './repeat.ts'
import { probeLoopback } from './serve-loopback.ts'
import { probeSilence } from './silence.ts'
import { probeSockets } from './sockets.ts'
import { probeStreams } from './streams.ts'
import { probeAudit, probeObserve, probePrepare } from './tasks.ts'

type Probe = (job: DriverJob) => Promise<readonly string[] | void>

/** What is tried with a driver, each in a process of its own. */
export const driverProbes = {
  identity: probeDriver,
  options: probeDriverOptions,
  descriptions: probeDriverDescriptions,
  silence: probeSilence,
  calls: probeCalls,
  outcomes: probeOutcomes,
  failures: probeFailures,
  blocking: probeBlocking,
  streams: probeStreams,
  repeat: probeRepeat,
  refusal: probeRefusal,
  death: probeDeath,
  reconnect: probeReconnect,
  idle: probeIdle,
  sockets: probeSockets,
  leftovers: probeLeftovers,
  ending: probeEnding,
  disconnect: probeDisconnect,
  listeners: probeListeners,
  prepare: probePrepare,
  audit: probeAudit,
  observe: probeObserve,
  loopback: probeLoopback,
  overhead: probeOverhead,
} satisfies Record<string, Probe>

export type DriverProbe = keyof typeof driverProbes
