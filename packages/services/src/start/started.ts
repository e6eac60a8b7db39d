import type { ProcessIdentity } from '../machine/process.ts'

/** A service that is on its way up, or is up. */
export interface Started {
  /** Of the service's own process; absent when it runs in a container. */
  readonly identity: ProcessIdentity | undefined
  /** The start step has worked. */
  readonly ready: Promise<void>
  /** Resolves with the reason when it failed or has ended by itself. */
  readonly ended: Promise<string>
  /** Ends it, makes sure that it is gone, and removes its folder. Idempotent. */
  stop(): Promise<void>
  /** Lets this process end while the service runs. */
  release(): void
}
