import { ServiceError } from './errors.ts'
import { run } from './machine/command.ts'

/** The first build downloads and compiles every module; from then on they are in Go's own cache. */
export const goBuildLimitMs = 300_000

export interface GoBuild {
  readonly go: string
  /** The folder of our own program, next to the sources of this package. */
  readonly sources: string
  /** Where the program goes. */
  readonly program: string
  readonly env: NodeJS.ProcessEnv
  readonly mayFetch: boolean
}

/** Builds a program, and returns its path. @throws ServiceError when that fails. */
export async function buildGo({ go, sources, program, env, mayFetch }: GoBuild): Promise<string> {
  const args = ['build', '-C', sources, '-buildvcs=false', '-trimpath', '-o', program, '.']
  // without a proxy, Go either has the modules or says that it does not
  const from = mayFetch ? env : { ...env, GOPROXY: 'off' }
  const { code, output, timedOut } = await run({ file: go, args }, { env: from, timeoutMs: goBuildLimitMs })
  if (code === 0) return program
  throw new ServiceError({
    what: timedOut ? `go build took longer than ${goBuildLimitMs / 1000} s` : `go build: ${output.trim()}`,
    expected: 'the modules to be in the cache, or a way to download them',
  })
}
