import type { UserIdentity } from './machine/command.ts'

/** How to start and recognise one kind of service. One folder each; `table.ts` lists them. */
export interface ServiceDefinition {
  readonly defaultPort: number
  /** Other programs know its address instead of asking us: left running, it gets the default port where that is free. */
  readonly keepsPort?: true
  /**
   * It is started with a random password, which `url`, `probe`, `compose` and `place` then get: other accounts on this
   * machine can reach its port too.
   */
  readonly hasPassword?: true
  /** What a driver takes as its target. */
  url(port: number, password?: string): string
  /** Talks to whatever listens on this port of 127.0.0.1, in the service's protocol. Never rejects. */
  probe(port: number, timeoutMs: number, password?: string): Promise<Probe>
  /** How long it may take to answer once Compose has started it. @default 60000 */
  readonly composeReadyLimitMs?: number
  readonly local: LocalDefinition
  /** One service of a Compose file. The host side of its ports must be 127.0.0.1. */
  compose(port: number, password?: string): ComposeDefinition
}

export type Probe =
  | {
      readonly usable: true
      /** The server's own process id, where the protocol reveals it: proof that it is the one we started. */
      readonly pid?: number
    }
  | { readonly usable: false; readonly why: string }

/** Where a local service will run. */
export interface Place {
  readonly port: number
  readonly folder: string
  /** Where the service has one. Never for a command line, which every account can see. */
  readonly password?: string
  /** The program that was found. */
  readonly file: string
  /** Whether missing parts may be downloaded. */
  readonly mayFetch: boolean
  readonly env: NodeJS.ProcessEnv
}

interface LocalDefinition {
  /** Any of them will do: the first one on the PATH, or at its absolute path, is used. */
  readonly binaries: readonly string[]
  /** Where to look for them before the PATH. */
  folders?(): Promise<readonly string[]>
  /**
   * Lays out the folder before the program starts. It may build the program to start instead, and return its path.
   * @throws ServiceError when something is missing.
   */
  prepare?(place: Place): Promise<string | void>
  /** Listens on 127.0.0.1 only, keeps its data in `folder`, stays in the foreground. */
  args(place: Place): readonly string[]
  /** The user it runs as. `undefined`: the current one. */
  user?(): Promise<UserIdentity | undefined>
  /** The signal for a fast, clean shutdown. @default SIGTERM */
  readonly stopSignal?: NodeJS.Signals
  /** What the program sees besides the environment it inherits. */
  environment?(place: Place): Promise<Readonly<Record<string, string>>>
  /** Ends helper processes that the program started and left behind. Safe to repeat. */
  release?(folder: string): Promise<void>
  /** How long it may take to answer. @default 60000 */
  readonly readyLimitMs?: number
  /** What to type to install it. */
  readonly install: string
}

interface ComposeDefinition {
  readonly image: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly working_dir?: string
  readonly volumes?: readonly string[]
  readonly ports: readonly string[]
  /** For one that has to reach 127.0.0.1 itself. It has no ports then, and listens there only. */
  readonly network_mode?: 'host'
  readonly tmpfs: readonly string[]
}
