/** How one kind of service is started and recognised. One file each; `table.ts` lists them. */
export interface ServiceDefinition {
  readonly defaultPort: number
  /** What a driver takes as its target. */
  url(port: number): string
  /** Speaks the protocol with whatever listens on 127.0.0.1. Never rejects. */
  probe(port: number, timeoutMs: number): Promise<Probe>
  /** How long it may take to be usable once it was started, where the usual time is too short. */
  readonly healthLimitMs?: Readonly<Record<'compose' | 'local', number>>
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

interface LocalDefinition {
  /** Any of them will do; the first one found on the PATH is taken. */
  readonly binaries: readonly string[]
  /** Listens on 127.0.0.1 only, keeps its data in `folder`, stays in the foreground. */
  args(place: { readonly port: number; readonly folder: string }): readonly string[]
  /**
   * Makes the program that is the service in `folder`, with the one that was found; without it, that one is the service.
   * Answers why it could not, or `undefined`.
   */
  build?(place: BuildPlace): Promise<string | undefined>
  /** What to type to have it. */
  readonly install: string
}

export interface BuildPlace {
  readonly file: string
  readonly folder: string
  /** Where to write the program. */
  readonly program: string
  readonly env: NodeJS.ProcessEnv
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
