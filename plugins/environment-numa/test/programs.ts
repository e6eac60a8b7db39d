import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { onTestFinished, vi } from 'vitest'

const required = process.env['CLOUDBENCH_REQUIRE_NUMACTL'] === 'true'

/** Whether a test that needs a program is skipped: the program is missing, and nothing says that it must be there. */
export function isMissing(name: string): boolean {
  return !required && pathOf(name) === undefined
}

/** Whether a test that binds memory is skipped: numactl is missing, or this container forbids memory policies. */
export function cannotBind(): boolean {
  if (pathOf('numactl') === undefined) return !required
  return spawnSync('numactl', ['--membind=0', 'true'], { stdio: 'ignore' }).status !== 0
}

function pathOf(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file))
}

/** Until the end of the test, the PATH has only these programs of this machine, and these shell scripts. */
export async function onlyPrograms(
  programs: readonly string[],
  scripts: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-numa-bin-'))
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  })
  for (const name of programs) await symlink(pathOf(name)!, join(folder, name))
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
    await chmod(join(folder, name), 0o755)
  }
  vi.stubEnv('PATH', folder)
}
