// `@cloudbench/driver-kit/loopback`: what the loopback servers of drivers have in common. Workers never load it.

export { createBehaviour } from './loopback/behaviour.ts'
export { listenOnLoopback } from './loopback/listen.ts'
export { serveLoopback } from './loopback/serve.ts'

export type { Behaviour, BehaviourClock, BehaviourOptions } from './loopback/behaviour.ts'
export type { LoopbackServer } from './loopback/serve.ts'
