import type { UserIdentity } from './machine/command.ts'

/** How one kind of service is started and recognised. One file each; `table.ts` lists them. */
export interface ServiceDefinition {
  readonly defaultPort: number
  /** What a driver takes as its target. */
  url(port: number): string
  /** Speaks the protocol with whatever listens on 127.0.0.1. Never rejects. */
  probe(port: number, timeoutMs: number): Promise<Probe>
  /** How long it may take until it answers when Compose has started it. @default 30000 */
  readonly composeReadyLimitMs?: number
  readonly local: LocalDefinition
  /** One service of a Compose file. The host side of its ports must be 127.0.0.1. */
  compose(port: number): ComposeDefinition
}

export type Probe =
  | {
      readonly usable: true
      /** The server's own process id, where the protocol tells: proof that it is the one we started. */
      readonly pid?: number
    }
  | { readonly usable: false; readonly why: string }

/** Where a local service is to run. */
export interface Place {
  readonly port: number
  readonly folder: string
  /** The program that was found. */
  readonly file: string
  /** Whether what is missing may be fetched from the network. */
  readonly mayFetch: boolean
  readonly env: NodeJS.ProcessEnv
}

interface LocalDefinition {
  /** Any of them will do; the first one found on the PATH, or at its absolute path, is taken. */
  readonly binaries: readonly string[]
  /** Where they are looked for before the PATH. */
  folders?(): Promise<readonly string[]>
  /**
   * Lays out the folder before the program starts; may make the program there that is to be started instead, and answer
   * its path. @throws ServiceError when something is missing.
   */
  prepare?(place: Place): Promise<string | void>
  /** Listens on 127.0.0.1 only, keeps its data in `folder`, stays in the foreground. */
  args(place: Place): readonly string[]
  /** Who it runs as. `undefined`: whoever starts it. */
  user?(): Promise<UserIdentity | undefined>
  /** What asks it to end at once, and in order. @default SIGTERM */
  readonly stopSignal?: NodeJS.Signals
  /** What the program sees beside the environment of whoever starts it. */
  environment?(place: Place): Promise<Readonly<Record<string, string>>>
  /** Ends what the program has started beside itself and left behind. Safe to repeat. */
  release?(folder: string): Promise<void>
  /** How long it may take until it answers. @default 10000 */
  readonly readyLimitMs?: number
  /** What to type to have it. */
  readonly install: string
}

interface ComposeDefinition {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly working_dir?: string
  readonly volumes?: readonly string[]
  readonly ports: readonly string[]
  readonly tmpfs: readonly string[]
}
