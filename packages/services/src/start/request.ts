import type { ServiceDefinition } from '../definition.ts'

export interface StartOptions {
  /** Ends with this process, even when it is killed. Otherwise it stays until `stopService`. @default false */
  readonly attached?: boolean
  /** On 127.0.0.1. @default a free one */
  readonly port?: number
  /** @default compose where a Docker daemon answers, else local */
  readonly how?: 'compose' | 'local'
  /** Whether to download what a local service needs, once. @default true */
  readonly fetch?: boolean
  /** Holds state, logs and throwaway data. @default a folder of this user in the system's temporary folder */
  readonly stateDir?: string
  /** Where to look for programs (PATH), and what they see. @default process.env */
  readonly env?: NodeJS.ProcessEnv
  /** `file:` URL of a module that exports the definition of a service that is not one of ours. Only for `attached`. */
  readonly module?: string
  /** How long a service that already runs may take to answer. @default 5000 */
  readonly timeoutMs?: number
}

export interface RunningService {
  readonly name: string
  /** What a driver takes as its target, with the password. */
  readonly url: string
  readonly how: 'compose' | 'local'
  /** Of a local service. */
  readonly pid?: number
  /** It was already running. */
  readonly reused: boolean
  /** What was tried first and did not work. */
  readonly notes: readonly string[]
  /** Ends it, makes sure that it is gone, and removes its data. Idempotent. */
  stop(): Promise<void>
}

/** A call of `startService` with its defaults filled in. */
export interface StartRequest {
  readonly name: string
  readonly definition: ServiceDefinition
  /** Of the service that is started, where it has one. */
  readonly password?: string
  readonly stateDir: string
  readonly options: StartOptions
  readonly env: NodeJS.ProcessEnv
  /** What did not work, as it happens. */
  readonly notes: string[]
}
