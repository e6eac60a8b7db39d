import type { SignalKind } from './environment.ts'

interface SignalDeclaration {
  readonly kind: SignalKind
  readonly text: string
}

/**
 * The signals with fixed names, which the verdict reads. An environment that samples one of them uses this name and this kind.
 * Everything else may have any name, dotted, with its unit at the end.
 */
export const signalVocabulary = {
  'cpu.stealShare': {
    kind: 'share',
    text: 'Of the CPU time that this machine asked for since the last sample, the share that it did not get: `steal` of /proc/stat.',
  },
  'cpu.stalledMs': {
    kind: 'counter',
    text: 'How long at least one task waited for a CPU: PSI `some`, of the group of this process, or of the machine.',
  },
  'cpu.throttledMs': { kind: 'counter', text: 'How long a CPU quota stopped the group of this process.' },
  'cpu.throttledPeriods': { kind: 'counter', text: 'Periods in which the quota was used up.' },
  'cpu.quotaPeriods': { kind: 'counter', text: 'Periods of the quota.' },
  'cpu.canaryNs': {
    kind: 'gauge',
    text: 'How long a fixed amount of work took on one CPU, the shortest of a few times.',
  },
  'cpu.frequencyHz': { kind: 'gauge', text: 'The mean frequency of the CPUs.' },
  'cpu.credits': { kind: 'gauge', text: 'CPU credits that are left, where the guest can tell.' },
  'cpu.predictedCredits': {
    kind: 'gauge',
    text: 'CPU credits that should be left, by a balance that was given and by what the CPUs did since.',
  },
  'io.stalledMs': {
    kind: 'counter',
    text: 'How long at least one task waited for input or output: PSI `some`.',
  },
  'worker.runDelayShare': {
    kind: 'share',
    text: 'Share of the time in which the load thread could have run and had no CPU: of the worker that had to wait the most.',
  },
  'worker.remoteMemoryShare': {
    kind: 'gauge',
    text: 'Share of the memory of workers that lies on other NUMA nodes than they run on: of the worker with the most.',
  },
  'memory.usedBytes': { kind: 'gauge', text: 'Memory in use, of the limit if there is one.' },
  'memory.limitBytes': { kind: 'gauge', text: 'The limit that holds at the moment.' },
  'memory.stalledMs': { kind: 'counter', text: 'How long at least one task waited for memory: PSI `some`.' },
  'memory.allStalledMs': { kind: 'counter', text: 'How long all tasks waited for memory: PSI `full`.' },
  'memory.swappedPages': { kind: 'counter', text: 'Pages swapped in and out.' },
  'memory.oomKills': { kind: 'counter', text: 'Processes that were killed since memory ran out.' },
  'memory.majorFaults': { kind: 'counter', text: 'Page faults that needed a disk.' },
  'memory.reclaimStalls': {
    kind: 'counter',
    text: 'Allocations that had to reclaim or compact memory first.',
  },
  'memory.balloonBytes': { kind: 'gauge', text: 'Memory that a balloon holds.' },
  'memory.balloonInflatedBytes': { kind: 'counter', text: 'Memory that a balloon took.' },
  'numa.missedPages': { kind: 'counter', text: 'Pages that came from another node than was wanted.' },
  'numa.hitPages': { kind: 'counter', text: 'Pages that came from the node that was wanted.' },
  'tcp.sentSegments': { kind: 'counter', text: 'Segments sent, retransmissions left out.' },
  'tcp.retransmittedSegments': { kind: 'counter', text: 'Segments sent again.' },
  'tcp.timeouts': {
    kind: 'counter',
    text: 'Retransmission time-outs, of established connections and of new ones.',
  },
  'tcp.listenOverflows': {
    kind: 'counter',
    text: 'Connections refused since a queue of a listener was full.',
  },
  'net.droppedPackets': { kind: 'counter', text: 'Packets dropped by the kernel: softnet and interfaces.' },
  'net.squeezes': {
    kind: 'counter',
    text: 'Times that the kernel left packets for later: softnet `time_squeeze`.',
  },
  'net.packets': { kind: 'counter', text: 'Packets sent and received by interfaces other than loopback.' },
  'net.sentBytes': { kind: 'counter', text: 'Bytes sent by interfaces other than loopback.' },
  'net.receivedBytes': { kind: 'counter', text: 'Bytes received by interfaces other than loopback.' },
  'net.allowanceExceededPackets': {
    kind: 'counter',
    text: 'Packets that the cloud queued or dropped since the instance had used up what it may send, receive or track.',
  },
  'clock.driftPpm': {
    kind: 'gauge',
    text: 'How much faster the wall clock runs than the monotonic clock, in millionths; negative where it is slower.',
  },
  'clock.steppedMs': { kind: 'counter', text: 'By how much the wall clock jumped, in either direction.' },
} as const satisfies Readonly<Record<string, SignalDeclaration>>

export type SignalName = keyof typeof signalVocabulary
