import { realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'

/** What the runner of GitHub Actions tells a step. */
export interface Actions {
  /** Where the job summary is collected. */
  readonly summary: string | undefined
  /** A file as annotations name it: from the root of the repository, wherever cloudbench was started. */
  placeOf(file: string): string
}

/** Undefined outside of GitHub Actions. */
export function actionsIn(env: NodeJS.ProcessEnv, cwd: string): Actions | undefined {
  if (env['GITHUB_ACTIONS'] !== 'true') return undefined
  const workspace = env['GITHUB_WORKSPACE'] ? real(env['GITHUB_WORKSPACE']) : cwd
  return {
    summary: env['GITHUB_STEP_SUMMARY'] || undefined,
    placeOf(file) {
      const within = relative(workspace, resolve(cwd, file))
      const isBelow =
        within !== '' && within !== '..' && !within.startsWith(`..${sep}`) && !isAbsolute(within)
      return isBelow ? within.split(sep).join('/') : file
    },
  }
}

/** The working folder of a process has no links in it. */
function real(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
